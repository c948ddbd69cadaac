//! TLS, on both sides.

use std::{io, path::PathBuf};

use tokio::net::TcpStream;

use super::{Cut, TcpConnect, TcpListen};
use crate::transport::{
    port::Port,
    stream::{Stream, without_brackets},
    tls::{self, Trust},
};

pub(super) use crate::transport::tls::{explained, server::Acceptor};

/// How a client speaks TLS.
#[derive(Debug, Clone, Default)]
pub(super) struct Connector {
    trust: Trust,
    domain: Option<String>,
}

impl Connector {
    pub(super) async fn connect(&self, address: &str, stream: TcpStream) -> io::Result<Stream> {
        let host = address.rsplit_once(':').map_or(address, |(host, _)| host);
        let name = self.domain.as_deref().unwrap_or(without_brackets(host));
        Ok(Box::new(self.trust.connect(name, stream).await?))
    }
}

/// How a server does, if it does.
#[derive(Debug, Clone, Default)]
pub(super) struct ServerTls(Trust);

impl ServerTls {
    pub(super) async fn acceptor(&self) -> io::Result<Option<Acceptor>> {
        self.0.acceptor().await
    }
}

/// Why the server has not let us in, if that is what has cut the connection: in
/// TLS 1.3 it says so only when the client's handshake is over.
pub(super) fn refusal(cut: &Cut) -> Option<String> {
    match cut {
        Cut::Io(error) => tls::refused(error),
        _ => None,
    }
}

impl<T> TcpConnect<T> {
    /// Speaks TLS, as `tls://` before the address does.
    pub fn tls(mut self) -> Self {
        self.connector();
        self
    }

    /// Trusts the certificates in this PEM file besides those of the system, and asks for TLS.
    pub fn authority(mut self, file: impl Into<PathBuf>) -> Self {
        self.connector().trust.add_authority(file);
        self
    }

    /// Shows the certificate in one PEM file, whose key is in the other, and asks for TLS.
    pub fn identity(mut self, certificate: impl Into<PathBuf>, key: impl Into<PathBuf>) -> Self {
        self.connector().trust.show(certificate, key);
        self
    }

    /// The name that the server's certificate must have, where it is not the
    /// host in the address. Asks for TLS.
    pub fn domain(mut self, name: impl Into<String>) -> Self {
        self.connector().domain = Some(name.into());
        self
    }

    fn connector(&mut self) -> &mut Connector {
        self.tls.get_or_insert_default()
    }
}

impl<T> TcpListen<T> {
    /// Speaks TLS with the certificate in one PEM file, whose key is in the
    /// other. They are read for each connection, so that they can be renewed.
    ///
    /// Clones that were made before do not share the port with it.
    #[must_use]
    pub fn identity(mut self, certificate: impl Into<PathBuf>, key: impl Into<PathBuf>) -> Self {
        self.server_tls().show(certificate, key);
        self
    }

    /// Asks clients for a certificate of the authorities in this PEM file;
    /// without one nobody is served. It needs an [`identity`](Self::identity) too.
    #[must_use]
    pub fn authority(mut self, file: impl Into<PathBuf>) -> Self {
        self.server_tls().add_authority(file);
        self
    }

    fn server_tls(&mut self) -> &mut Trust {
        // Who asks for TLS must not be served on a port without it.
        self.port = Port::default();
        &mut self.tls.0
    }
}
