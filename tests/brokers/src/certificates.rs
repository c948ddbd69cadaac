use std::{
    fs, io,
    path::{Path, PathBuf},
};

use rcgen::{
    BasicConstraints, CertificateParams, DistinguishedName, DnType, ExtendedKeyUsagePurpose, IsCa,
    Issuer, KeyPair, KeyUsagePurpose,
};
use tempfile::TempDir;

use crate::names;

/// Certificates for TLS on this machine, all as PEM, by an authority that exists only here.
#[derive(Clone, Debug)]
pub struct Certificates {
    /// What both sides trust.
    pub authority: String,
    /// A server's, as `localhost` and as `127.0.0.1`.
    pub server: Identity,
    /// A client's.
    pub client: Identity,
}

/// A certificate and its key (PKCS #8).
#[derive(Clone, Debug)]
pub struct Identity {
    /// The certificate.
    pub certificate: String,
    /// Its private key.
    pub key: String,
}

impl Certificates {
    /// New ones.
    ///
    /// # Panics
    ///
    /// If there is no randomness to be had.
    #[must_use]
    pub fn new() -> Self {
        Self::issue().expect("the parameters of these certificates are sound")
    }

    /// The same as files.
    ///
    /// # Panics
    ///
    /// If they cannot be written.
    #[must_use]
    pub fn files(&self) -> Files {
        Files::write(self).expect("there is room for a few small files")
    }

    fn issue() -> Result<Self, rcgen::Error> {
        let key = KeyPair::generate()?;
        let mut authority = params(&[], &names::unique("anywire tests"))?;
        authority.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
        authority.key_usages = vec![KeyUsagePurpose::KeyCertSign, KeyUsagePurpose::CrlSign];
        let certificate = authority.self_signed(&key)?;
        let issuer = Issuer::new(authority, key);

        let mut server = params(&["localhost", "127.0.0.1"], "localhost")?;
        server.extended_key_usages = vec![ExtendedKeyUsagePurpose::ServerAuth];
        let mut client = params(&["client"], "client")?;
        client.extended_key_usages = vec![ExtendedKeyUsagePurpose::ClientAuth];

        Ok(Self {
            authority: certificate.pem(),
            server: Identity::issue(&server, &issuer)?,
            client: Identity::issue(&client, &issuer)?,
        })
    }
}

impl Default for Certificates {
    fn default() -> Self {
        Self::new()
    }
}

impl Identity {
    fn issue(
        params: &CertificateParams,
        issuer: &Issuer<'_, KeyPair>,
    ) -> Result<Self, rcgen::Error> {
        let key = KeyPair::generate()?;
        Ok(Self {
            certificate: params.signed_by(&key, issuer)?.pem(),
            key: key.serialize_pem(),
        })
    }
}

fn params(names: &[&str], common_name: &str) -> Result<CertificateParams, rcgen::Error> {
    let names: Vec<String> = names.iter().map(|&name| name.to_owned()).collect();
    let mut params = CertificateParams::new(names)?;
    params.distinguished_name = DistinguishedName::new();
    params
        .distinguished_name
        .push(DnType::CommonName, common_name);
    Ok(params)
}

/// Certificates in files, which are gone when this is dropped.
#[derive(Debug)]
pub struct Files {
    /// What both sides trust.
    pub authority: PathBuf,
    /// A server's certificate and its key.
    pub server: (PathBuf, PathBuf),
    /// A client's.
    pub client: (PathBuf, PathBuf),
    _folder: TempDir,
}

impl Files {
    fn write(certificates: &Certificates) -> io::Result<Self> {
        let folder = TempDir::new()?;
        let file = |name: &str, text: &str| {
            let file = folder.path().join(name);
            fs::write(&file, text).map(|()| file)
        };
        let identity = |name: &str, Identity { certificate, key }: &Identity| {
            let certificate = file(&format!("{name}.pem"), certificate)?;
            Ok::<_, io::Error>((certificate, file(&format!("{name}.key"), key)?))
        };
        Ok(Self {
            authority: file("authority.pem", &certificates.authority)?,
            server: identity("server", &certificates.server)?,
            client: identity("client", &certificates.client)?,
            _folder: folder,
        })
    }
}

/// TLS as a broker is told to speak it.
#[derive(Clone, Debug)]
pub(crate) struct Tls {
    pub(crate) certificates: Certificates,
    /// Whether clients have to show a certificate too.
    pub(crate) mutual: bool,
}

impl Tls {
    pub(crate) const AUTHORITY: &'static str = "authority.pem";
    pub(crate) const CERTIFICATE: &'static str = "server.pem";
    pub(crate) const KEY: &'static str = "server.key";

    pub(crate) fn new(certificates: &Certificates, mutual: bool) -> Self {
        Self {
            certificates: certificates.clone(),
            mutual,
        }
    }

    /// Writes the server's files.
    pub(crate) fn write(&self, folder: &Path) -> io::Result<()> {
        let Certificates {
            authority, server, ..
        } = &self.certificates;
        fs::write(folder.join(Self::AUTHORITY), authority)?;
        fs::write(folder.join(Self::CERTIFICATE), &server.certificate)?;
        fs::write(folder.join(Self::KEY), &server.key)
    }
}
