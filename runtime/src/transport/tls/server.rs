//! TLS of the connections that are accepted.

use std::{
    io,
    sync::{Arc, Mutex, PoisonError},
    time::Duration,
};

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
pub(in crate::transport) struct Acceptor {
    trust: Trust,
    config: Arc<Mutex<Arc<ServerConfig>>>,
}

impl Trust {
    /// An acceptor with this identity, which asks for a certificate of the
    /// authorities if there are any; `None` where nothing is asked for.
    pub(in crate::transport) async fn acceptor(&self) -> io::Result<Option<Acceptor>> {
        if self.identity.is_none() && self.authorities.is_empty() {
            return Ok(None);
        }
        let config = self.read().await?;
        Ok(Some(Acceptor {
            trust: self.clone(),
            config: Arc::new(Mutex::new(config)),
        }))
    }

    async fn read(&self) -> io::Result<Arc<ServerConfig>> {
        let trust = self.clone();
        let config = tokio::task::spawn_blocking(move || trust.server_config());
        Ok(Arc::new(config.await.map_err(io::Error::other)??))
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
    /// With the files as they are now, so that certificates can be renewed; as
    /// they were before while they are no good, as in the middle of that.
    async fn config(&self) -> Arc<ServerConfig> {
        let read = self.trust.read().await;
        let mut config = self.config.lock().unwrap_or_else(PoisonError::into_inner);
        match read {
            Ok(read) => *config = read,
            Err(error) => tracing::warn!(%error, "the certificates of before are used"),
        }
        Arc::clone(&config)
    }

    /// The handshake, which may take so long, and the end of one that fails as well.
    pub(in crate::transport) async fn accept(
        &self,
        stream: TcpStream,
        most: Duration,
    ) -> io::Result<TlsStream<TcpStream>> {
        let acceptor = TlsAcceptor::from(self.config().await);
        let handshake = timeout(most, acceptor.accept(stream).into_fallible());
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
