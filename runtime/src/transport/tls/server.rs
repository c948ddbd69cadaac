//! TLS of the connections that are accepted.

use std::{io, sync::Arc, time::Duration};

use rustls::{ServerConfig, server::WebPkiClientVerifier};
use tokio::{
    io::{AsyncWriteExt as _, copy, sink},
    net::TcpStream,
    time::timeout,
};
use tokio_rustls::{TlsAcceptor, server::TlsStream};

use super::{Trust, certificates, explained, private_key, provider};

/// Speaks TLS with those who connect.
#[derive(Clone)]
pub(in crate::transport) struct Acceptor(TlsAcceptor);

impl Trust {
    /// An acceptor with this identity, which asks for a certificate of the
    /// authorities if there are any. The files are read now; `None` without an identity.
    pub(in crate::transport) async fn acceptor(&self) -> io::Result<Option<Acceptor>> {
        if self.identity.is_none() && self.authorities.is_empty() {
            return Ok(None);
        }
        let trust = self.clone();
        let config = tokio::task::spawn_blocking(move || trust.server_config())
            .await
            .map_err(io::Error::other)??;
        Ok(Some(Acceptor(TlsAcceptor::from(Arc::new(config)))))
    }

    fn server_config(&self) -> io::Result<ServerConfig> {
        let (certificate, key) = self.identity.as_ref().ok_or_else(|| {
            io::Error::other("an authority for clients needs TLS, and so an identity")
        })?;
        let config = ServerConfig::builder_with_provider(provider())
            .with_safe_default_protocol_versions()
            .map_err(io::Error::other)?;
        let config = if self.authorities.is_empty() {
            config.with_no_client_auth()
        } else {
            let trusted = Arc::new(self.trusted()?);
            let verifier = WebPkiClientVerifier::builder_with_provider(trusted, provider());
            config.with_client_cert_verifier(verifier.build().map_err(io::Error::other)?)
        };
        config
            .with_single_cert(certificates(certificate)?, private_key(key)?)
            .map_err(io::Error::other)
    }
}

impl Acceptor {
    /// The handshake, which may take so long, and the end of one that fails as well.
    pub(in crate::transport) async fn accept(
        &self,
        stream: TcpStream,
        most: Duration,
    ) -> io::Result<TlsStream<TcpStream>> {
        let handshake = timeout(most, self.0.accept(stream).into_fallible());
        let (error, mut stream) = match handshake.await {
            Ok(Ok(stream)) => return Ok(stream),
            Ok(Err(failed)) => failed,
            Err(_) => return Err(io::Error::other("it took too long")),
        };
        // A connection that is closed while something of it is unread is reset,
        // and the peer would not learn why.
        let _ = timeout(most, async {
            stream.shutdown().await?;
            copy(&mut stream, &mut sink()).await
        })
        .await;
        Err(explained(error))
    }
}
