//! Bodies of answers: bytes there already, pieces joined as they are sent, or a stream.

use std::collections::VecDeque;
use std::convert::Infallible;
use std::pin::Pin;
use std::task::{Context, Poll};

use bytes::{Bytes, BytesMut};
use futures_core::Stream;
use http_body::{Frame, SizeHint};

/// How much of a body of many pieces is copied together at a time, in bytes.
const CHUNK: usize = 64 * 1024;

/// A body.
#[derive(Default)]
pub enum Body {
    /// Nothing.
    #[default]
    Empty,
    /// One run of bytes.
    Full(Bytes),
    /// Many, with the bytes that are left.
    Pieces(VecDeque<Bytes>, u64),
    /// Runs of bytes that are made as they are sent, with the number of bytes that are left.
    Made(Box<dyn Iterator<Item = Bytes> + Send>, u64),
    /// Bytes as they come; its end ends the body.
    Stream(Pin<Box<dyn Stream<Item = Bytes> + Send>>),
}

impl Body {
    /// A body of `pieces`, sent one after the other.
    pub fn pieces(pieces: VecDeque<Bytes>) -> Body {
        let length = pieces.iter().map(|piece| piece.len() as u64).sum();
        Body::Pieces(pieces, length)
    }

    /// A body of `length` bytes in runs that `chunks` makes when it is their turn.
    pub fn made(chunks: impl Iterator<Item = Bytes> + Send + 'static, length: usize) -> Body {
        Body::Made(Box::new(chunks), length as u64)
    }

    /// A body that is made while it is sent.
    pub fn stream(stream: impl Stream<Item = Bytes> + Send + 'static) -> Body {
        Body::Stream(Box::pin(stream))
    }

    /// The length in bytes, if it is known.
    pub fn length(&self) -> Option<u64> {
        match self {
            Body::Empty => Some(0),
            Body::Full(bytes) => Some(bytes.len() as u64),
            Body::Pieces(_, length) | Body::Made(_, length) => Some(*length),
            Body::Stream(_) => None,
        }
    }

    /// The next run of bytes of a body that is there already.
    pub fn next_run(&mut self) -> Option<Bytes> {
        match self {
            Body::Empty | Body::Stream(_) => None,
            Body::Full(_) => match std::mem::take(self) {
                Body::Full(bytes) => Some(bytes),
                _ => None,
            },
            Body::Pieces(pieces, left) => {
                let run = join(pieces)?;
                *left -= run.len() as u64;
                Some(run)
            }
            Body::Made(chunks, left) => {
                let run = chunks.next()?;
                *left = left.saturating_sub(run.len() as u64);
                Some(run)
            }
        }
    }
}

impl From<Bytes> for Body {
    fn from(bytes: Bytes) -> Body {
        if bytes.is_empty() { Body::Empty } else { Body::Full(bytes) }
    }
}

/// Takes pieces off the front until they make a chunk; a piece that is one by itself is not copied.
fn join(pieces: &mut VecDeque<Bytes>) -> Option<Bytes> {
    let first = pieces.pop_front()?;
    if first.len() >= CHUNK || pieces.is_empty() {
        return Some(first);
    }
    let mut run = BytesMut::with_capacity(CHUNK);
    run.extend_from_slice(&first);
    while let Some(next) = pieces.front()
        && run.len() + next.len() <= CHUNK
    {
        run.extend_from_slice(next);
        pieces.pop_front();
    }
    Some(run.freeze())
}

impl http_body::Body for Body {
    type Data = Bytes;
    type Error = Infallible;

    fn poll_frame(
        self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, Infallible>>> {
        let this = self.get_mut();
        let next = match this {
            Body::Stream(stream) => std::task::ready!(stream.as_mut().poll_next(context)),
            body => body.next_run(),
        };
        Poll::Ready(next.map(|bytes| Ok(Frame::data(bytes))))
    }

    fn is_end_stream(&self) -> bool {
        self.length() == Some(0)
    }

    fn size_hint(&self) -> SizeHint {
        self.length().map_or_else(SizeHint::default, SizeHint::with_exact)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pieces_are_joined_in_order() {
        let big = Bytes::from(vec![b'x'; CHUNK]);
        let pieces = [Bytes::from("a"), Bytes::from("b"), big.clone(), Bytes::from("c")];
        let mut body = Body::pieces(pieces.into_iter().collect());
        assert_eq!(body.length(), Some(CHUNK as u64 + 3));
        let runs: Vec<Bytes> = std::iter::from_fn(|| body.next_run()).collect();
        assert_eq!(runs, [Bytes::from("ab"), big, Bytes::from("c")]);
        assert_eq!(body.length(), Some(0));
    }
}
