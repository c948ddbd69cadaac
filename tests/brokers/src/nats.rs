use std::{fs, io, path::Path, process::Command};

use crate::{
    Broker, Certificates, Error,
    broker::{Part, Plan},
    certificates::Tls,
    names,
    probe::{Probe, free_port},
    program,
    shared::Shared,
};

/// How a NATS server with JetStream is run.
#[derive(Clone, Debug, Default)]
pub struct Nats {
    /// Before the `@` of the URL.
    login: Option<String>,
    authorization: String,
    tls: Option<Tls>,
}

impl Nats {
    /// Gives the URL of one that runs already.
    pub const VARIABLE: &'static str = "ANYWIRE_TEST_NATS_URL";

    /// Without password and TLS.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// The URL of the one that all tests of this process share.
    pub async fn shared_url() -> Result<&'static str, Error> {
        static SHARED: Shared = Shared::new(Nats::VARIABLE);
        SHARED.url(Self::new().start()).await
    }

    /// With this user and no other.
    #[must_use]
    pub fn user(mut self, name: &str, password: &str) -> Self {
        self.login = Some(format!("{name}:{password}"));
        self.authorization = format!("user: {name:?}, password: {password:?}");
        self
    }

    /// The user may not publish to this subject.
    #[must_use]
    pub fn denying(mut self, subject: &str) -> Self {
        self.authorization = format!(
            "users: [{{ {}, permissions: {{ publish: {{ deny: {subject:?} }} }} }}]",
            self.authorization
        );
        self
    }

    /// With this token.
    #[must_use]
    pub fn token(mut self, token: &str) -> Self {
        self.login = Some(token.to_owned());
        self.authorization = format!("token: {token:?}");
        self
    }

    /// With the user who has this public NKey (`U..`), and no other.
    #[must_use]
    pub fn nkey(mut self, public: &str) -> Self {
        self.login = None;
        self.authorization = format!("users: [{{ nkey: {public:?} }}]");
        self
    }

    /// Clients speak TLS.
    #[must_use]
    pub fn tls(mut self, certificates: &Certificates) -> Self {
        self.tls = Some(Tls::new(certificates, false));
        self
    }

    /// Clients speak TLS and show a certificate.
    #[must_use]
    pub fn mutual_tls(mut self, certificates: &Certificates) -> Self {
        self.tls = Some(Tls::new(certificates, true));
        self
    }

    /// Starts one: what `tests/brokers/install` fetched, or else what is on the `PATH`.
    pub async fn start(self) -> Result<Broker, Error> {
        let places = [program::installed("nats/bin/nats-server")];
        let server = program::find("nats-server", &places).ok_or(Error::Missing {
            program: "nats-server",
            variable: Self::VARIABLE,
        })?;
        Broker::start("NATS", move |folder| self.plan(&server, folder)).await
    }

    fn plan(&self, server: &Path, folder: &Path) -> io::Result<Plan> {
        let port = free_port();
        let name = names::unique("anywire");
        let mut config = format!(
            "listen: \"127.0.0.1:{port}\"\nserver_name: {name:?}\nmax_payload: 8MB\njetstream {{ store_dir: {:?} }}\n",
            folder.join("data")
        );
        if !self.authorization.is_empty() {
            config += &format!("authorization {{ {} }}\n", self.authorization);
        }
        let mut scheme = "nats";
        if let Some(tls) = &self.tls {
            tls.write(folder)?;
            scheme = "tls";
            config += &format!(
                "tls {{ ca_file: {:?}, cert_file: {:?}, key_file: {:?}, verify: {} }}\n",
                folder.join(Tls::AUTHORITY),
                folder.join(Tls::CERTIFICATE),
                folder.join(Tls::KEY),
                tls.mutual
            );
        }
        let config_file = folder.join("nats.conf");
        fs::write(&config_file, config)?;

        let mut command = Command::new(server);
        command.arg("--config").arg(config_file);
        let login = self.login.iter().map(|login| format!("{login}@"));
        Ok(Plan {
            url: format!("{scheme}://{}127.0.0.1:{port}", login.collect::<String>()),
            port,
            parts: vec![Part {
                command,
                // The server speaks first, before TLS and before anybody logs in.
                probe: Probe {
                    port,
                    question: Vec::new(),
                    answer: format!("\"server_name\":\"{name}\"").into_bytes(),
                },
            }],
        })
    }
}
