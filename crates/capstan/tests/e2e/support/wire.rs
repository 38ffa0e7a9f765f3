//! HTTP/1.1 over TLS, spoken by hand: what no client program would send, and answers to the byte.

use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpStream;
use std::sync::Arc;
use std::time::Duration;

use rustls::pki_types::ServerName;
use rustls::pki_types::pem::PemObject;
use rustls::{ClientConfig, ClientConnection, RootCertStore, StreamOwned};

use super::Server;

/// How long to wait for any bytes of an answer.
const LIMIT: Duration = Duration::from_secs(30);

/// A connection.
pub struct Wire(BufReader<StreamOwned<ClientConnection, TcpStream>>);

/// An answer; its body has been read as far as the server sent it.
#[derive(Debug)]
pub struct Answer {
    pub code: u16,
    /// Lower-case names and values.
    pub headers: Vec<(String, String)>,
    pub body: Vec<u8>,
}

impl Answer {
    /// The value of the header `name`.
    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers.iter().find(|header| header.0 == name).map(|header| header.1.as_str())
    }

    /// The body as text.
    pub fn text(&self) -> String {
        String::from_utf8_lossy(&self.body).into_owned()
    }
}

impl Wire {
    /// A new connection to `server`.
    pub fn open(server: &Server) -> Wire {
        let mut roots = RootCertStore::empty();
        roots.add(rustls::pki_types::CertificateDer::from_pem_file(server.authority()).unwrap()).unwrap();
        let config =
            ClientConfig::builder_with_provider(Arc::new(rustls::crypto::aws_lc_rs::default_provider()))
                .with_safe_default_protocol_versions()
                .unwrap()
                .with_root_certificates(roots)
                .with_no_client_auth();
        let name = ServerName::try_from("127.0.0.1").unwrap();
        let stream = TcpStream::connect(server.address()).unwrap();
        stream.set_read_timeout(Some(LIMIT)).unwrap();
        let connection = ClientConnection::new(Arc::new(config), name).unwrap();
        Wire(BufReader::new(StreamOwned::new(connection, stream)))
    }

    /// Sends a request as the administrator: `head` is its first line and further headers.
    pub fn send(&mut self, head: &str, body: &[u8]) {
        let (line, headers) = head.split_once('\n').unwrap_or((head, ""));
        let length = match headers.to_ascii_lowercase().contains("content-length:") {
            true => String::new(),
            false => format!("Content-Length: {}\r\n", body.len()),
        };
        let headers: String = headers.lines().map(|header| format!("{header}\r\n")).collect();
        let head = format!(
            "{line} HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer {}\r\n{length}{headers}\r\n",
            Server::TOKEN
        );
        self.more(head.as_bytes());
        self.more(body);
    }

    /// Sends more of a body.
    pub fn more(&mut self, bytes: &[u8]) {
        self.0.get_mut().write_all(bytes).unwrap();
        self.0.get_mut().flush().unwrap();
    }

    /// Reads the head of an answer.
    pub fn head(&mut self) -> Answer {
        let first = self.line();
        let code = first.split(' ').nth(1).and_then(|code| code.parse().ok());
        let mut headers = Vec::new();
        loop {
            let line = self.line();
            let Some((name, value)) = line.split_once(':') else { break };
            headers.push((name.to_ascii_lowercase(), value.trim().to_owned()));
        }
        Answer { code: code.unwrap_or_else(|| panic!("no answer: {first:?}")), headers, body: Vec::new() }
    }

    /// Reads an answer.
    pub fn answer(&mut self) -> Answer {
        let mut answer = self.head();
        if answer.header("transfer-encoding") == Some("chunked") {
            while let Some(chunk) = self.chunk() {
                answer.body.extend(chunk);
            }
        } else {
            let length = answer.header("content-length").map_or(0, |length| length.parse().unwrap());
            answer.body = self.exactly(length);
        }
        answer
    }

    /// Reads the next chunk of a body; nothing at its end.
    pub fn chunk(&mut self) -> Option<Vec<u8>> {
        let size = usize::from_str_radix(self.line().trim(), 16).unwrap();
        let chunk = self.exactly(size);
        self.line();
        (size > 0).then_some(chunk)
    }

    /// Sends a request and reads its answer.
    pub fn ask(&mut self, head: &str, body: &[u8]) -> Answer {
        self.send(head, body);
        self.answer()
    }

    fn line(&mut self) -> String {
        let mut line = String::new();
        self.0.read_line(&mut line).unwrap();
        line.trim_end().to_owned()
    }

    fn exactly(&mut self, length: usize) -> Vec<u8> {
        let mut bytes = vec![0; length];
        self.0.read_exact(&mut bytes).unwrap();
        bytes
    }
}
