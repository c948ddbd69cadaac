//! The connections of a channel, which tonic makes and does not tell of.

use std::{
    io,
    task::{Context, Poll},
};

use http::Uri;
use hyper_util::rt::TokioIo;
use tokio::{net::TcpStream, sync::watch};
use tokio_util::io::InspectReader;
use tower::Service;

use crate::{
    BoxFuture,
    transport::{
        ConnectionState,
        state::{Known, reached},
        stream::{Stream, without_brackets},
    },
};

/// How many of them stand. Clones share it.
#[derive(Clone, Default)]
pub(super) struct Connections(watch::Sender<Count>);

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
    pub(super) fn state(&self) -> ConnectionState {
        self.0.borrow().state()
    }

    pub(super) async fn until(&self, wanted: ConnectionState) {
        reached(self.0.subscribe(), wanted).await;
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
            let stream = connect(&uri).await?;
            let standing = Standing::new(connections);
            // It is dropped with the stream that it belongs to.
            let stream = InspectReader::new(stream, move |_| _ = &standing);
            Ok(TokioIo::new(Box::new(stream) as Stream))
        })
    }
}

async fn connect(uri: &Uri) -> io::Result<TcpStream> {
    let host = without_brackets(uri.host().unwrap_or_default());
    let is_https = uri.scheme_str() == Some("https");
    let port = uri.port_u16().unwrap_or(if is_https { 443 } else { 80 });
    let stream = TcpStream::connect((host, port)).await?;
    stream.set_nodelay(true)?;
    Ok(stream)
}

/// One that stands.
struct Standing(Connections);

impl Standing {
    fn new(connections: Connections) -> Self {
        connections.0.send_modify(|count| count.0 += 1);
        Self(connections)
    }
}

impl Drop for Standing {
    fn drop(&mut self) {
        self.0.0.send_modify(|count| count.0 -= 1);
    }
}

#[cfg(test)]
mod tests {
    use tokio::net::TcpListener;

    #[tokio::test]
    async fn small_frames_of_calls_do_not_wait() {
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
        let address = listener.local_addr().expect("it is bound");
        let uri = format!("http://{address}").parse().expect("a sound URI");
        let stream = super::connect(&uri).await.expect("a connection");
        assert!(stream.nodelay().expect("an option"));
    }
}
