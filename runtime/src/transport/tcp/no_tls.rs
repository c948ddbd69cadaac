//! What stands in the place of TLS without the feature `tcp-tls`.

use std::{io, time::Duration};

use tokio::net::TcpStream;

use super::Cut;
use crate::transport::stream::Stream;

/// Of an address with `tls://`.
#[derive(Debug, Clone, Default)]
pub(super) struct Connector {}

impl Connector {
    pub(super) async fn connect(&self, _: &str, _: TcpStream) -> io::Result<Stream> {
        Err(io::Error::other(
            "TLS needs the feature `tcp-tls` of anywire",
        ))
    }
}

#[derive(Debug, Clone, Default)]
pub(super) struct ServerTls {}

impl ServerTls {
    pub(super) async fn acceptor(&self) -> io::Result<Option<Acceptor>> {
        Ok(None)
    }
}

/// There is none.
#[derive(Clone)]
pub(super) enum Acceptor {}

impl Acceptor {
    pub(super) async fn accept(&self, _: TcpStream, _: Duration) -> io::Result<TcpStream> {
        match *self {}
    }
}

pub(super) fn explained(error: io::Error) -> io::Error {
    error
}

pub(super) fn refusal(_: &Cut) -> Option<String> {
    None
}
