//! TLS of the connections that are made here.

use std::{
    io,
    path::{Path, PathBuf},
    sync::Arc,
};

use rustls::{
    AlertDescription, ClientConfig, RootCertStore,
    crypto::CryptoProvider,
    pki_types::{CertificateDer, PrivateKeyDer, pem::PemObject as _},
};
#[cfg(any(feature = "_redis", feature = "tcp-tls"))]
use {
    rustls::pki_types::ServerName,
    tokio::net::TcpStream,
    tokio_rustls::{TlsConnector, client::TlsStream},
};

#[cfg(feature = "tcp-tls")]
pub(super) mod server;

/// Whom one side trusts, and who it says that it is.
#[derive(Debug, Clone, Default)]
pub(super) struct Trust {
    /// PEM files of authorities; a client has those of the system besides.
    pub(super) authorities: Vec<PathBuf>,
    /// PEM files of a certificate and its key.
    pub(super) identity: Option<(PathBuf, PathBuf)>,
}

impl Trust {
    /// Speaks TLS over a connection.
    #[cfg(any(feature = "_redis", feature = "tcp-tls"))]
    pub(super) async fn connect(
        &self,
        host: &str,
        stream: TcpStream,
    ) -> io::Result<TlsStream<TcpStream>> {
        let name = ServerName::try_from(host.to_owned()).map_err(io::Error::other)?;
        TlsConnector::from(Arc::new(self.client().await?))
            .connect(name, stream)
            .await
            .map_err(explained)
    }

    /// What a client connects with. The files are read each time, so that
    /// certificates can be renewed while connections last.
    pub(super) async fn client(&self) -> io::Result<ClientConfig> {
        let trust = self.clone();
        tokio::task::spawn_blocking(move || trust.config())
            .await
            .map_err(io::Error::other)?
    }

    fn config(&self) -> io::Result<ClientConfig> {
        let mut trusted = self.trusted()?;
        // What the system has and cannot be read is as if it were not there.
        trusted.add_parsable_certificates(rustls_native_certs::load_native_certs().certs);
        let config = ClientConfig::builder_with_provider(provider())
            .with_safe_default_protocol_versions()
            .map_err(io::Error::other)?
            .with_root_certificates(trusted);
        let Some((certificate, key)) = &self.identity else {
            return Ok(config.with_no_client_auth());
        };
        config
            .with_client_auth_cert(certificates(certificate)?, private_key(key)?)
            .map_err(io::Error::other)
    }

    fn trusted(&self) -> io::Result<RootCertStore> {
        let mut trusted = RootCertStore::empty();
        for file in &self.authorities {
            for certificate in certificates(file)? {
                trusted.add(certificate).map_err(io::Error::other)?;
            }
        }
        Ok(trusted)
    }
}

/// By name: a process may have several providers and no default.
fn provider() -> Arc<CryptoProvider> {
    Arc::new(rustls::crypto::ring::default_provider())
}

fn certificates(file: &Path) -> io::Result<Vec<CertificateDer<'static>>> {
    let certificates = CertificateDer::pem_file_iter(file).and_then(Iterator::collect);
    let certificates: Vec<_> = certificates.map_err(|error| unreadable(file, &error))?;
    if certificates.is_empty() {
        return Err(unreadable(file, &"it holds no certificate in PEM"));
    }
    Ok(certificates)
}

fn private_key(file: &Path) -> io::Result<PrivateKeyDer<'static>> {
    PrivateKeyDer::from_pem_file(file).map_err(|error| unreadable(file, &error))
}

fn unreadable(file: &Path, error: &dyn std::fmt::Display) -> io::Error {
    io::Error::other(format!("{}: {error}", file.display()))
}

/// Why a handshake failed, for those who do not know rustls.
pub(super) fn explained(error: io::Error) -> io::Error {
    let reason = match of_rustls(&error) {
        Some(rustls::Error::InvalidMessage(_)) => "the peer does not speak TLS".to_owned(),
        Some(rustls::Error::NoCertificatesPresented) => "the peer shows no certificate".to_owned(),
        Some(rustls::Error::AlertReceived(alert)) => refusal(*alert),
        Some(error) => error.to_string(),
        None if error.kind() == io::ErrorKind::UnexpectedEof => {
            "the peer closed the connection during the handshake of TLS".to_owned()
        }
        None => return error,
    };
    io::Error::other(reason)
}

fn of_rustls(error: &io::Error) -> Option<&rustls::Error> {
    error.get_ref()?.downcast_ref()
}

/// Why a server has not let a client in, if that is what an error says.
#[cfg(feature = "tcp-tls")]
pub(super) fn refused(error: &io::Error) -> Option<String> {
    match of_rustls(error)? {
        rustls::Error::AlertReceived(
            alert @ (AlertDescription::AccessDenied
            | AlertDescription::BadCertificate
            | AlertDescription::CertificateExpired
            | AlertDescription::CertificateRequired
            | AlertDescription::CertificateRevoked
            | AlertDescription::CertificateUnknown
            | AlertDescription::DecryptError
            | AlertDescription::UnknownCA
            | AlertDescription::UnsupportedCertificate),
        ) => Some(refusal(*alert)),
        _ => None,
    }
}

fn refusal(alert: AlertDescription) -> String {
    match alert {
        AlertDescription::CertificateRequired => {
            "the peer asks for a certificate, and none was shown".to_owned()
        }
        AlertDescription::UnknownCA => {
            "the peer does not trust the authority of the certificate that it was shown".to_owned()
        }
        other => format!("the peer refuses the handshake of TLS: {other:?}"),
    }
}
