//! The connections of a channel, which tonic makes and does not tell of.

use std::{
    io,
    task::{Context, Poll},
    time::Duration,
};

use http::Uri;
use hyper_util::rt::TokioIo;
use tokio::{net::TcpStream, sync::watch};
use tokio_util::io::InspectReader;
use tower::Service;

use crate::{
    BoxFuture,
    transport::{
        ConnectionState, socket,
        state::{Known, reached},
        stream::{Stream, without_brackets},
    },
};

/// How many of them stand. Clones share it.
#[derive(Clone)]
pub(super) struct Connections {
    count: watch::Sender<Count>,
    keep_alive: Duration,
}

/// One, or two while one takes the place of the other.
#[derive(Debug, Default)]
struct Count(usize);

impl Known for Count {
    fn state(&self) -> ConnectionState {
        match self.0 {
            0 => ConnectionState::Reconnecting,
            _ => ConnectionState::Connected,
        }
    }
}

impl Connections {
    /// None yet. A peer may be silent for so long, and then owe a sign of life.
    pub(super) fn new(keep_alive: Duration) -> Self {
        Self {
            count: watch::Sender::default(),
            keep_alive,
        }
    }

    pub(super) fn state(&self) -> ConnectionState {
        self.count.borrow().state()
    }

    pub(super) async fn until(&self, wanted: ConnectionState) {
        reached(self.count.subscribe(), wanted).await;
    }
}

/// Makes the connections that it counts.
impl Service<Uri> for Connections {
    type Response = TokioIo<Stream>;
    type Error = io::Error;
    type Future = BoxFuture<io::Result<TokioIo<Stream>>>;

    fn poll_ready(&mut self, _: &mut Context<'_>) -> Poll<io::Result<()>> {
        Poll::Ready(Ok(()))
    }

    fn call(&mut self, uri: Uri) -> Self::Future {
        let connections = self.clone();
        Box::pin(async move {
            let stream = connect(&uri, connections.keep_alive).await?;
            let standing = Standing::new(connections.count);
            // It is dropped with the stream that it belongs to.
            let stream = InspectReader::new(stream, move |_| _ = &standing);
            Ok(TokioIo::new(Box::new(stream) as Stream))
        })
    }
}

async fn connect(uri: &Uri, keep_alive: Duration) -> io::Result<TcpStream> {
    let host = without_brackets(uri.host().unwrap_or_default());
    let is_https = uri.scheme_str() == Some("https");
    let port = uri.port_u16().unwrap_or(if is_https { 443 } else { 80 });
    let stream = TcpStream::connect((host, port)).await?;
    socket::prepare(&stream, keep_alive, Duration::ZERO);
    Ok(stream)
}

/// One that stands.
struct Standing(watch::Sender<Count>);

impl Standing {
    fn new(count: watch::Sender<Count>) -> Self {
        count.send_modify(|count| count.0 += 1);
        Self(count)
    }
}

impl Drop for Standing {
    fn drop(&mut self) {
        self.0.send_modify(|count| count.0 -= 1);
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use tokio::net::TcpListener;

    #[tokio::test]
    async fn small_frames_of_calls_do_not_wait() {
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
        let address = listener.local_addr().expect("it is bound");
        let uri = format!("http://{address}").parse().expect("a sound URI");
        let stream = super::connect(&uri, Duration::from_secs(20))
            .await
            .expect("a connection");
        assert!(stream.nodelay().expect("an option"));
    }
}
