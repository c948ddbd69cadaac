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

/// How a RabbitMQ server is run: a node to itself, with its own files, ports and name server.
#[derive(Clone, Debug, Default)]
pub struct RabbitMq {
    tls: Option<Tls>,
    max_message: Option<u32>,
}

impl RabbitMq {
    /// Gives the URL of one that runs already.
    pub const VARIABLE: &'static str = "ANYWIRE_TEST_RABBITMQ_URL";

    /// With the user `guest`, and without TLS.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// The URL of the one that all tests of this process share.
    pub async fn shared_url() -> Result<&'static str, Error> {
        static SHARED: Shared = Shared::new(RabbitMq::VARIABLE);
        SHARED.url(Self::new().start()).await
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

    /// The largest message that it takes, in bytes.
    #[must_use]
    pub fn max_message(mut self, bytes: u32) -> Self {
        self.max_message = Some(bytes);
        self
    }

    /// Starts one.
    pub async fn start(self) -> Result<Broker, Error> {
        // What Debian has on the PATH changes the user, and waits beside the server.
        let places = ["/usr/lib/rabbitmq/bin/rabbitmq-server".into()];
        let find = |name, places| {
            program::find(name, places).ok_or(Error::Missing {
                program: "rabbitmq-server",
                variable: Self::VARIABLE,
            })
        };
        let server = find("rabbitmq-server", &places)?;
        let name_server = find("epmd", &[])?;
        Broker::start("RabbitMQ", move |folder| {
            self.plan(&server, &name_server, folder)
        })
        .await
    }

    fn plan(&self, server: &Path, name_server: &Path, folder: &Path) -> io::Result<Plan> {
        let plain = free_port();
        let name = names::unique("anywire");

        let mut config = format!(
            "listeners.tcp.1 = 127.0.0.1:{plain}\ndisk_free_limit.absolute = 1MB\n\
             log.file = false\nlog.console = true\nlog.console.level = warning\n"
        );
        if let Some(bytes) = self.max_message {
            config += &format!("max_message_size = {bytes}\n");
        }
        let (mut scheme, mut port) = ("amqp", plain);
        if let Some(tls) = &self.tls {
            tls.write(folder)?;
            (scheme, port) = ("amqps", free_port());
            config += &format!(
                "listeners.ssl.1 = 127.0.0.1:{port}\nssl_options.cacertfile = {}\n\
                 ssl_options.certfile = {}\nssl_options.keyfile = {}\n\
                 ssl_options.verify = verify_peer\nssl_options.fail_if_no_peer_cert = {}\n",
                folder.join(Tls::AUTHORITY).display(),
                folder.join(Tls::CERTIFICATE).display(),
                folder.join(Tls::KEY).display(),
                tls.mutual
            );
        }
        fs::write(folder.join("rabbitmq.conf"), config)?;
        fs::write(folder.join("plugins"), "[].\n")?;

        let names_port = free_port();
        Ok(Plan {
            url: format!("{scheme}://guest:guest@127.0.0.1:{port}"),
            port,
            // Erlang would start a name server by itself, which then stays.
            parts: vec![
                name_server_part(name_server, names_port),
                Part {
                    command: server_command(server, folder, &name, names_port),
                    // The greeting of AMQP is answered with the properties of the server,
                    // one of which is its name at this machine's own.
                    probe: Probe {
                        port: plain,
                        question: b"AMQP\x00\x00\x09\x01".to_vec(),
                        answer: format!("{name}@").into_bytes(),
                    },
                },
            ],
        })
    }
}

fn name_server_part(name_server: &Path, port: u16) -> Part {
    let mut command = Command::new(name_server);
    command.args(["-address", "127.0.0.1", "-port", &port.to_string()]);
    Part {
        command,
        probe: Probe {
            port,
            // Asks for all names: the answer begins with the port, as four bytes.
            question: vec![0, 1, b'n'],
            answer: u32::from(port).to_be_bytes().to_vec(),
        },
    }
}

fn server_command(server: &Path, folder: &Path, name: &str, names_port: u16) -> Command {
    let mut command = Command::new(server);
    command
        // Here is the cookie of Erlang.
        .env("HOME", folder)
        .env("ERL_EPMD_ADDRESS", "127.0.0.1")
        .env("ERL_EPMD_PORT", names_port.to_string())
        .env("RABBITMQ_NODENAME", format!("{name}@localhost"))
        .env("RABBITMQ_DIST_PORT", free_port().to_string())
        .env("RABBITMQ_CONFIG_FILE", folder.join("rabbitmq.conf"))
        .env("RABBITMQ_CONF_ENV_FILE", folder.join("none"))
        .env("RABBITMQ_ADVANCED_CONFIG_FILE", folder.join("none"))
        .env("RABBITMQ_ENABLED_PLUGINS_FILE", folder.join("plugins"))
        .env("RABBITMQ_MNESIA_BASE", folder.join("data"))
        .env("RABBITMQ_LOG_BASE", folder.join("logs"))
        // The script becomes the server, instead of waiting beside it.
        .env("RABBITMQ_ALLOW_INPUT", "1")
        .env(
            "RABBITMQ_SERVER_ADDITIONAL_ERL_ARGS",
            "-noinput -kernel inet_dist_use_interface {127,0,0,1}",
        );
    command
}
