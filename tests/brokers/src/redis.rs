use std::{fs, io, path::Path, process::Command};

use crate::{
    Broker, Certificates, Error,
    broker::{Part, Plan},
    certificates::Tls,
    probe::{Probe, free_port},
    program,
    shared::Shared,
};

/// How a Redis server is run. It keeps nothing over its end, unless it is [`durable`](Self::durable).
#[derive(Clone, Debug, Default)]
pub struct Redis {
    user: Option<String>,
    password: Option<String>,
    tls: Option<Tls>,
    durable: bool,
}

impl Redis {
    /// Gives the URL of one that runs already.
    pub const VARIABLE: &'static str = "ANYWIRE_TEST_REDIS_URL";

    /// Without password and TLS.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// The URL of the one that all tests of this process share.
    pub async fn shared_url() -> Result<&'static str, Error> {
        static SHARED: Shared = Shared::new(Redis::VARIABLE);
        SHARED.url(Self::new().start()).await
    }

    /// With this password (`requirepass`).
    #[must_use]
    pub fn password(mut self, password: &str) -> Self {
        self.password = Some(password.to_owned());
        self
    }

    /// With this user, who may do everything, and no other (ACL).
    #[must_use]
    pub fn user(mut self, name: &str, password: &str) -> Self {
        self.user = Some(name.to_owned());
        self.password(password)
    }

    /// It keeps what it has confirmed, whatever its end (`appendfsync always`).
    #[must_use]
    pub fn durable(mut self) -> Self {
        self.durable = true;
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

    /// Starts one.
    pub async fn start(self) -> Result<Broker, Error> {
        let server = program::find("redis-server", &[]).ok_or(Error::Missing {
            program: "redis-server",
            variable: Self::VARIABLE,
        })?;
        Broker::start("Redis", move |folder| self.plan(&server, folder)).await
    }

    fn plan(&self, server: &Path, folder: &Path) -> io::Result<Plan> {
        let plain = free_port();
        let config_file = folder.join("redis.conf");
        let mut config = format!(
            "bind 127.0.0.1\nport {plain}\nsave \"\"\nappendonly {}\nappendfsync always\ndir {}\n",
            if self.durable { "yes" } else { "no" },
            folder.display()
        );
        let mut login = String::new();
        let mut question = String::new();
        if let Some(password) = &self.password {
            let user = self.user.as_deref().unwrap_or_default();
            login = format!("{user}:{password}@");
            question = format!("AUTH {user} {password}\r\n");
            config += &match user {
                "" => format!("requirepass {password}\n"),
                _ => format!("user default off\nuser {user} on >{password} ~* &* +@all\n"),
            };
        }
        // The probe asks at the plain port all the same.
        let (mut scheme, mut port) = ("redis", plain);
        if let Some(tls) = &self.tls {
            tls.write(folder)?;
            (scheme, port) = ("rediss", free_port());
            let clients = if tls.mutual { "yes" } else { "optional" };
            config += &format!(
                "tls-port {port}\ntls-auth-clients {clients}\n\
                 tls-ca-cert-file {}\ntls-cert-file {}\ntls-key-file {}\n",
                Tls::AUTHORITY,
                Tls::CERTIFICATE,
                Tls::KEY
            );
        }
        fs::write(&config_file, config)?;

        let mut command = Command::new(server);
        command.arg(&config_file);
        question += "INFO server\r\n";
        Ok(Plan {
            url: format!("{scheme}://{login}127.0.0.1:{port}"),
            port,
            parts: vec![Part {
                command,
                probe: Probe {
                    port: plain,
                    question: question.into_bytes(),
                    answer: format!("config_file:{}", config_file.display()).into_bytes(),
                },
            }],
        })
    }
}
