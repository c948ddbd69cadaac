//! TLS of the connections that are made here.

use std::{
    io,
    path::{Path, PathBuf},
    sync::Arc,
};

use rustls::{
    ClientConfig, RootCertStore,
    pki_types::{CertificateDer, PrivateKeyDer, ServerName, pem::PemObject as _},
};
use tokio::net::TcpStream;
use tokio_rustls::{TlsConnector, client::TlsStream};

/// Whom a client trusts, and who it says that it is.
#[derive(Debug, Clone, Default)]
pub(super) struct Trust {
    /// PEM files of authorities besides those of the system.
    pub(super) authorities: Vec<PathBuf>,
    /// PEM files of a certificate and its key.
    pub(super) identity: Option<(PathBuf, PathBuf)>,
}

impl Trust {
    /// Speaks TLS over a connection. The files are read each time, so that
    /// certificates can be renewed while connections last.
    pub(super) async fn connect(
        &self,
        host: &str,
        stream: TcpStream,
    ) -> io::Result<TlsStream<TcpStream>> {
        let name = ServerName::try_from(host.to_owned()).map_err(io::Error::other)?;
        let trust = self.clone();
        let config = tokio::task::spawn_blocking(move || trust.config())
            .await
            .map_err(io::Error::other)??;
        TlsConnector::from(Arc::new(config))
            .connect(name, stream)
            .await
    }

    fn config(&self) -> io::Result<ClientConfig> {
        let mut trusted = RootCertStore::empty();
        // What the system has and cannot be read is as if it were not there.
        trusted.add_parsable_certificates(rustls_native_certs::load_native_certs().certs);
        for file in &self.authorities {
            for certificate in certificates(file)? {
                trusted.add(certificate).map_err(io::Error::other)?;
            }
        }
        // By name: a process may have several providers and no default.
        let provider = Arc::new(rustls::crypto::ring::default_provider());
        let config = ClientConfig::builder_with_provider(provider)
            .with_safe_default_protocol_versions()
            .map_err(io::Error::other)?
            .with_root_certificates(trusted);
        let Some((certificate, key)) = &self.identity else {
            return Ok(config.with_no_client_auth());
        };
        let key = PrivateKeyDer::from_pem_file(key).map_err(|error| unreadable(key, &error))?;
        config
            .with_client_auth_cert(certificates(certificate)?, key)
            .map_err(io::Error::other)
    }
}

fn certificates(file: &Path) -> io::Result<Vec<CertificateDer<'static>>> {
    let certificates = CertificateDer::pem_file_iter(file).and_then(Iterator::collect);
    certificates.map_err(|error| unreadable(file, &error))
}

fn unreadable(file: &Path, error: &dyn std::error::Error) -> io::Error {
    io::Error::other(format!("{}: {error}", file.display()))
}
