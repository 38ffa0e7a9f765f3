//! Compression of large answers (`APIResponseCompression` of the original): gzip, at its fastest level, away from the
//! async threads, a chunk at a time.

use std::io::{self, Write};
use std::pin::Pin;
use std::task::{Context, Poll};

use bytes::Bytes;
use flate2::Compression;
use flate2::write::GzEncoder;
use futures_core::Stream;
use http::HeaderValue;
use http::header::{CONTENT_ENCODING, VARY};
use tokio::sync::mpsc;

use crate::body::Body;
use crate::respond::Answer;

/// Bodies up to this size are sent as they are, in bytes (`defaultGzipThresholdBytes` of the original).
const THRESHOLD: u64 = 128 * 1024;
/// How large a chunk grows before it is sent, in bytes.
const CHUNK: usize = 64 * 1024;
/// How many chunks may wait for a slow client.
const AHEAD: usize = 4;

/// Compresses the body of `answer` if it is large, and there already, and the client accepts it so.
pub fn compress(accept_encoding: Option<&str>, answer: &mut Answer) {
    let large = answer.body().length().is_some_and(|length| length > THRESHOLD);
    let wanted = accept_encoding.is_some_and(|list| list.split(',').any(|coding| coding.trim() == "gzip"));
    if !large || !wanted || answer.headers().contains_key(CONTENT_ENCODING) {
        return;
    }
    let body = std::mem::take(answer.body_mut());
    let (chunks, received) = mpsc::channel(AHEAD);
    // What it fails for is that the client has gone.
    tokio::task::spawn_blocking(move || squeeze(body, &chunks).is_ok());
    *answer.body_mut() = Body::stream(Chunks(received));
    let headers = answer.headers_mut();
    headers.insert(CONTENT_ENCODING, HeaderValue::from_static("gzip"));
    headers.append(VARY, HeaderValue::from_static("Accept-Encoding"));
}

fn squeeze(mut body: Body, chunks: &mpsc::Sender<Bytes>) -> io::Result<()> {
    let send = |chunk: Vec<u8>| chunks.blocking_send(chunk.into()).map_err(io::Error::other);
    let mut encoder = GzEncoder::new(Vec::new(), Compression::fast());
    while let Some(run) = body.next_run() {
        encoder.write_all(&run)?;
        if encoder.get_ref().len() >= CHUNK {
            send(std::mem::take(encoder.get_mut()))?;
        }
    }
    send(encoder.finish()?)
}

struct Chunks(mpsc::Receiver<Bytes>);

impl Stream for Chunks {
    type Item = Bytes;

    fn poll_next(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<Bytes>> {
        self.0.poll_recv(context)
    }
}

#[cfg(test)]
mod tests {
    use std::io::Read;

    use http_body_util::BodyExt;

    use super::*;
    use crate::respond;

    #[tokio::test]
    async fn a_large_body_comes_back_whole() {
        let large: Vec<u8> =
            (0..300_000_u32).flat_map(|number| number.wrapping_mul(number).to_le_bytes()).collect();
        let mut answer = respond::raw(200, "text/plain", Bytes::from(large.clone()));
        compress(Some("deflate, gzip"), &mut answer);
        assert_eq!(answer.headers()[CONTENT_ENCODING], "gzip");
        let sent = answer.into_body().collect().await.unwrap().to_bytes();
        let mut read = Vec::new();
        flate2::read::GzDecoder::new(&sent[..]).read_to_end(&mut read).unwrap();
        assert!(sent.len() < large.len() && read == large);
    }

    #[test]
    fn what_is_small_or_not_wanted_stays() {
        for (accept, length) in
            [(Some("gzip"), THRESHOLD), (Some("br"), THRESHOLD + 1), (None, THRESHOLD + 1)]
        {
            let mut answer = respond::raw(200, "text/plain", Bytes::from(vec![b'x'; length as usize]));
            compress(accept, &mut answer);
            assert_eq!(answer.body().length(), Some(length), "{accept:?}");
        }
    }
}
