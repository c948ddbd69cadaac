//! anywire's own wire: what only it does, and what one peer can use of us on it.
//!
//! Frames are written and read here by `docs/native-tcp.md`, without anywire.

use std::net::SocketAddr;

use tokio::{
    io::{AsyncReadExt as _, AsyncWriteExt as _},
    net::{TcpListener, TcpStream},
};

use crate::peer::soon;

mod calls;
mod encodings;
mod hostile;
mod streams;

/// One field of a frame.
#[derive(Clone, Copy)]
enum Field<'a> {
    Number(u64),
    Text(&'a str),
    Rest(&'a str),
}

use Field::{Number, Rest, Text};

fn put(out: &mut Vec<u8>, mut number: u64) {
    while number >= 0x80 {
        out.push(number as u8 | 0x80);
        number >>= 7;
    }
    out.push(number as u8);
}

fn frame(kind: u8, fields: &[Field<'_>]) -> Vec<u8> {
    let mut body = vec![kind];
    for field in fields {
        match *field {
            Number(number) => put(&mut body, number),
            Text(text) => {
                put(&mut body, text.len() as u64);
                body.extend_from_slice(text.as_bytes());
            }
            Rest(text) => body.extend_from_slice(text.as_bytes()),
        }
    }
    let mut frame = Vec::new();
    put(&mut frame, body.len() as u64);
    frame.extend_from_slice(&body);
    frame
}

const ROUTE: u8 = 1;
const REQUEST: u8 = 2;
const UPLOAD: u8 = 0x42;
const SEND: u8 = 3;
const VALUE: u8 = 4;
const END: u8 = 5;
const REPLY: u8 = 6;
const ERROR: u8 = 7;
const REFUSED: u8 = 8;
const CANCEL: u8 = 9;
const CREDIT: u8 = 10;
const GOAWAY: u8 = 11;

/// What both sides begin with.
fn hello() -> Vec<u8> {
    hello_of(16 << 20)
}

fn hello_of(max_frame: u64) -> Vec<u8> {
    let hello = frame(0, &[Number(1), Number(1), Number(max_frame)]);
    [b"\0anywire", &hello[..]].concat()
}

fn route(pattern: &str) -> Vec<u8> {
    frame(ROUTE, &[Number(0), Text(pattern)])
}

/// A request of the first route.
fn request(call: u64, payload: &str) -> Vec<u8> {
    frame(REQUEST, &[Number(call), Number(0), Rest(payload)])
}

/// A request for an echo, by its name.
fn echo(call: u64, text: &str) -> Vec<u8> {
    let pattern = Text(r#""conformance.echo""#);
    let payload = format!("\"{text}\"");
    frame(
        REQUEST | 0x80,
        &[Number(call), Number(0), pattern, Rest(&payload)],
    )
}

/// A frame that was received: its type, and the bytes behind it.
#[derive(Debug, PartialEq, Eq)]
struct Received {
    kind: u8,
    fields: Vec<u8>,
}

impl Received {
    /// The next number of the fields.
    fn number(&mut self) -> u64 {
        let end = self.fields.iter().position(|byte| *byte < 0x80);
        let bytes = self.fields.drain(..=end.expect("a number"));
        bytes
            .rev()
            .fold(0, |number, byte| number << 7 | u64::from(byte & 0x7F))
    }

    fn text(&self) -> &str {
        str::from_utf8(&self.fields).expect("text")
    }
}

/// One end of a connection.
struct Peer {
    stream: TcpStream,
    received: Vec<u8>,
}

impl Peer {
    /// A client that has said hello and was greeted.
    async fn connect(address: SocketAddr) -> Self {
        let mut peer = Self::of(TcpStream::connect(address).await.expect("a connection"));
        peer.write(hello()).await;
        peer.greeted().await;
        peer
    }

    /// A client that knows one route, by number 0.
    async fn of_route(address: SocketAddr, pattern: &str) -> Self {
        let mut peer = Self::connect(address).await;
        peer.write(route(pattern)).await;
        peer
    }

    /// A server that was greeted and has said hello.
    async fn accept(listener: &TcpListener) -> Self {
        let (stream, _) = soon("a connection", listener.accept())
            .await
            .expect("a connection");
        let mut peer = Self::of(stream);
        peer.greeted().await;
        peer.write(hello()).await;
        peer
    }

    fn of(stream: TcpStream) -> Self {
        stream.set_nodelay(true).expect("an option");
        Self {
            stream,
            received: Vec::new(),
        }
    }

    async fn greeted(&mut self) {
        while self.received.len() < 8 {
            let read = self.stream.read_buf(&mut self.received);
            assert!(soon("a greeting", read).await.expect("a greeting") > 0);
        }
        assert_eq!(self.received.drain(..8).as_slice(), b"\0anywire");
        assert_eq!(self.frame().await.kind, 0);
    }

    async fn write(&mut self, bytes: impl AsRef<[u8]>) {
        self.stream
            .write_all(bytes.as_ref())
            .await
            .expect("it is written");
    }

    /// The next frame; `None` when the other side has closed.
    async fn next(&mut self) -> Option<Received> {
        soon("a frame, or the end", async {
            loop {
                if let Some(frame) = self.take() {
                    return Some(frame);
                }
                // A reset is as good a way to be cut off as an orderly end.
                match self.stream.read_buf(&mut self.received).await {
                    Ok(0) | Err(_) => return None,
                    Ok(_) => {}
                }
            }
        })
        .await
    }

    async fn frame(&mut self) -> Received {
        self.next().await.expect("a frame and not the end")
    }

    /// The next frame's type, call and the text behind it.
    async fn said(&mut self) -> (u8, u64, String) {
        let mut frame = self.frame().await;
        let call = frame.number();
        (frame.kind, call, frame.text().to_owned())
    }

    /// Waits until the other side has closed, and gives why it did.
    async fn cut(&mut self) -> String {
        let mut reason = String::new();
        while let Some(frame) = self.next().await {
            if frame.kind == GOAWAY {
                reason = frame.text().to_owned();
            }
        }
        reason
    }

    fn take(&mut self) -> Option<Received> {
        let end = self.received.iter().position(|byte| *byte < 0x80)?;
        let bytes = self.received[..=end].iter().rev();
        let length = bytes.fold(0, |length, byte| length << 7 | usize::from(byte & 0x7F));
        let body = self.received.get(end + 1..)?.get(..length)?.to_vec();
        self.received.drain(..=end + length);
        Some(Received {
            kind: body[0],
            fields: body[1..].to_vec(),
        })
    }
}
