//! TLS of the connections that are made here.

use std::{fmt, io, path::PathBuf, sync::Arc};

use rustls::{
    AlertDescription, ClientConfig, RootCertStore,
    crypto::CryptoProvider,
    pki_types::{CertificateDer, PrivateKeyDer, pem::PemObject as _},
};
#[cfg(any(feature = "_redis", feature = "grpc", feature = "tcp-tls"))]
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
    /// Those who have signed the certificates of peers.
    pub(super) authorities: Vec<Pem>,
    /// Whether a client does without the authorities of its system.
    pub(super) without_system: bool,
    /// A certificate and its key.
    pub(super) identity: Option<(Pem, Pem)>,
    /// The protocols that a client offers inside, the best one first.
    pub(super) protocols: Vec<Vec<u8>>,
}

/// Certificates or a key in PEM, which are read when they are needed.
#[derive(Clone)]
pub(super) enum Pem {
    File(PathBuf),
    Text(Arc<[u8]>),
}

impl Pem {
    pub(super) fn text(text: impl AsRef<[u8]>) -> Self {
        Self::Text(text.as_ref().into())
    }
}

impl fmt::Display for Pem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::File(file) => write!(f, "{}", file.display()),
            Self::Text(_) => f.write_str("the PEM"),
        }
    }
}

/// Without the text, which may be that of a key.
impl fmt::Debug for Pem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

impl Trust {
    /// Trusts those whose certificates are in this file, too.
    pub(super) fn add_authority(&mut self, file: impl Into<PathBuf>) {
        self.authorities.push(Pem::File(file.into()));
    }

    /// Shows the certificate in one file, whose key is in the other.
    pub(super) fn show(&mut self, certificate: impl Into<PathBuf>, key: impl Into<PathBuf>) {
        self.identity = Some((Pem::File(certificate.into()), Pem::File(key.into())));
    }

    /// Speaks TLS over a connection.
    #[cfg(any(feature = "_redis", feature = "grpc", feature = "tcp-tls"))]
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

    /// Whether a client can connect with what is given, for those who do later.
    #[cfg(feature = "grpc")]
    pub(super) fn check(&self, host: &str) -> io::Result<()> {
        ServerName::try_from(host).map_err(io::Error::other)?;
        self.config(self.trusted()?).map(drop)
    }

    /// What a client connects with. The files are read each time, so that
    /// certificates can be renewed while connections last.
    pub(super) async fn client(&self) -> io::Result<ClientConfig> {
        let trust = self.clone();
        let read = move || {
            let mut trusted = trust.trusted()?;
            if !trust.without_system {
                // What the system has and cannot be read is as if it were not there.
                trusted.add_parsable_certificates(rustls_native_certs::load_native_certs().certs);
            }
            trust.config(trusted)
        };
        let read = tokio::task::spawn_blocking(read);
        read.await.map_err(io::Error::other)?
    }

    fn config(&self, trusted: RootCertStore) -> io::Result<ClientConfig> {
        let config = ClientConfig::builder_with_provider(provider())
            .with_safe_default_protocol_versions()
            .map_err(io::Error::other)?
            .with_root_certificates(trusted);
        let mut config = match &self.identity {
            Some((certificate, key)) => config
                .with_client_auth_cert(certificates(certificate)?, private_key(key)?)
                .map_err(io::Error::other)?,
            None => config.with_no_client_auth(),
        };
        config.alpn_protocols.clone_from(&self.protocols);
        Ok(config)
    }

    fn trusted(&self) -> io::Result<RootCertStore> {
        let mut trusted = RootCertStore::empty();
        for authority in &self.authorities {
            for certificate in certificates(authority)? {
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

fn certificates(pem: &Pem) -> io::Result<Vec<CertificateDer<'static>>> {
    let certificates = match pem {
        Pem::File(file) => CertificateDer::pem_file_iter(file).and_then(Iterator::collect),
        Pem::Text(text) => CertificateDer::pem_slice_iter(text).collect(),
    };
    let certificates: Vec<_> = certificates.map_err(|error| unreadable(pem, &error))?;
    if certificates.is_empty() {
        return Err(unreadable(pem, &"it holds no certificate in PEM"));
    }
    Ok(certificates)
}

fn private_key(pem: &Pem) -> io::Result<PrivateKeyDer<'static>> {
    let key = match pem {
        Pem::File(file) => PrivateKeyDer::from_pem_file(file),
        Pem::Text(text) => PrivateKeyDer::from_pem_slice(text),
    };
    key.map_err(|error| unreadable(pem, &error))
}

fn unreadable(pem: &Pem, error: &dyn fmt::Display) -> io::Error {
    io::Error::other(format!("{pem}: {error}"))
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
