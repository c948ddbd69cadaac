//! A peer without anywire: it writes what it is told to, and reads frames.

use std::{future::Future, net::SocketAddr, time::Duration};

use serde_json::Value;
use tokio::{
    io::{AsyncReadExt as _, AsyncWriteExt as _},
    net::{TcpListener, TcpStream},
};

/// What has not happened by then never will.
const PATIENCE: Duration = Duration::from_secs(20);

/// Waits for what must happen.
pub(crate) async fn soon<T>(what: &str, future: impl Future<Output = T>) -> T {
    tokio::time::timeout(PATIENCE, future)
        .await
        .unwrap_or_else(|_| panic!("{what}: not within {PATIENCE:?}"))
}

/// A frame with this text.
pub(crate) fn frame(text: &str) -> String {
    format!("{}#{text}", text.encode_utf16().count())
}

/// One end of a connection.
pub(crate) struct Peer {
    stream: TcpStream,
    received: Vec<u8>,
}

impl Peer {
    pub(crate) async fn connect(address: SocketAddr) -> Self {
        Self::of(TcpStream::connect(address).await.expect("a connection"))
    }

    pub(crate) async fn accept(listener: &TcpListener) -> Self {
        let (stream, _) = soon("a connection", listener.accept())
            .await
            .expect("a connection");
        Self::of(stream)
    }

    fn of(stream: TcpStream) -> Self {
        stream.set_nodelay(true).expect("an option");
        Self {
            stream,
            received: Vec::new(),
        }
    }

    pub(crate) async fn write(&mut self, bytes: impl AsRef<[u8]>) {
        self.stream
            .write_all(bytes.as_ref())
            .await
            .expect("it is written");
    }

    /// Writes as much as the other side takes, and says whether it took all.
    pub(crate) async fn try_write(&mut self, bytes: &[u8]) -> bool {
        self.stream.write_all(bytes).await.is_ok()
    }

    pub(crate) async fn send(&mut self, packet: &Value) {
        self.write(frame(&packet.to_string())).await;
    }

    /// The text of the next frame; `None` when the other side has closed.
    pub(crate) async fn text(&mut self) -> Option<String> {
        soon("a frame, or the end", async {
            loop {
                if let Some(text) = self.take() {
                    return Some(text);
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

    /// Reads at least that many bytes without looking at them, and says how many.
    pub(crate) async fn skim(&mut self, least: usize) -> usize {
        let mut read = self.received.len();
        while read < least {
            self.received.clear();
            let more = soon("bytes", self.stream.read_buf(&mut self.received)).await;
            read += more.expect("bytes and not the end");
        }
        self.received.clear();
        read
    }

    pub(crate) async fn packet(&mut self) -> Value {
        let text = self.text().await.expect("a packet and not the end");
        serde_json::from_str(&text).expect("JSON")
    }

    /// Waits until the other side has closed, and gives what it said before.
    pub(crate) async fn closed(&mut self) -> Vec<String> {
        let mut texts = Vec::new();
        while let Some(text) = self.text().await {
            texts.push(text);
        }
        texts
    }

    /// The first frame of what was received. The length counts UTF-16 units.
    fn take(&mut self) -> Option<String> {
        let mark = self.received.iter().position(|byte| *byte == b'#')?;
        let length: usize = str::from_utf8(&self.received[..mark])
            .ok()
            .and_then(|text| text.parse().ok())
            .expect("a frame begins with its length");
        let text = match str::from_utf8(&self.received[mark + 1..]) {
            Ok(text) => text,
            Err(error) => str::from_utf8(&self.received[mark + 1..][..error.valid_up_to()]).ok()?,
        };
        let mut units = 0;
        let end = text
            .char_indices()
            .map(|(at, character)| (at + character.len_utf8(), character.len_utf16()))
            .find_map(|(end, width)| {
                units += width;
                (units >= length).then_some(end)
            });
        let text = text[..end?].to_owned();
        self.received.drain(..mark + 1 + text.len());
        Some(text)
    }
}
