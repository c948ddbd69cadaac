use std::{
    ffi::OsString,
    fs, io,
    path::{Path, PathBuf},
    process::Command,
};

use crate::{
    Broker, Certificates, Error,
    broker::{Part, Plan},
    certificates::Tls,
    probe::{Probe, free_port},
    program,
    shared::Shared,
};

/// How Apache Kafka is run: one node that is broker and controller, and makes topics when they are first used.
#[derive(Clone, Debug, Default)]
pub struct Kafka {
    user: Option<(String, String)>,
    tls: Option<Tls>,
}

impl Kafka {
    /// Gives the address of one that runs already.
    pub const VARIABLE: &'static str = "ANYWIRE_TEST_KAFKA_BROKERS";

    /// Without password and TLS.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// The address of the one that all tests of this process share, `host:port`.
    pub async fn shared_url() -> Result<&'static str, Error> {
        static SHARED: Shared = Shared::new(Kafka::VARIABLE);
        SHARED.url(Self::new().start()).await
    }

    /// With this user and no other, by SASL PLAIN or SCRAM-SHA-256.
    #[must_use]
    pub fn user(mut self, name: &str, password: &str) -> Self {
        self.user = Some((name.to_owned(), password.to_owned()));
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

    /// Starts one. Its [`url`](Broker::url) is an address only, `host:port`.
    pub async fn start(self) -> Result<Broker, Error> {
        let missing = |program| Error::Missing {
            program,
            variable: Self::VARIABLE,
        };
        let java = program::find("java", &[]).ok_or(missing("java"))?;
        let jars = program::installed("kafka");
        if !jars.join(".installed").is_file() {
            return Err(missing("Apache Kafka"));
        }
        let java = Java {
            program: java,
            jars,
        };
        Broker::start("Kafka", move |folder| self.plan(&java, folder)).await
    }

    fn plan(&self, java: &Java, folder: &Path) -> io::Result<Plan> {
        let (clients, internal, controller) = (free_port(), free_port(), free_port());
        let cluster = cluster_id();
        let config = folder.join("server.properties");
        let ports = Ports {
            clients,
            internal,
            controller,
        };
        fs::write(&config, self.properties(&ports, folder)?)?;

        let mut format = java.run("kafka.tools.StorageTool");
        format.args(["format", "--cluster-id", &cluster, "--config"]);
        format.arg(&config);
        if let Some((name, password)) = &self.user {
            let user = format!("SCRAM-SHA-256=[name={name},password={password}]");
            format.args(["--add-scram", &user]);
        }
        let formatted = format.output()?;
        if !formatted.status.success() {
            let error = String::from_utf8_lossy(&formatted.stderr);
            return Err(io::Error::other(error.into_owned()));
        }

        let mut command = java.run("kafka.Kafka");
        command.arg(&config);
        Ok(Plan {
            url: format!("127.0.0.1:{clients}"),
            port: clients,
            parts: vec![Part {
                command,
                probe: Probe {
                    port: internal,
                    question: metadata_request(),
                    answer: metadata_of(internal, &cluster),
                },
            }],
        })
    }

    fn properties(&self, ports: &Ports, folder: &Path) -> io::Result<String> {
        let Ports {
            clients,
            internal,
            controller,
        } = ports;
        let protocol = match (&self.tls, &self.user) {
            (None, None) => "PLAINTEXT",
            (None, Some(_)) => "SASL_PLAINTEXT",
            (Some(_), None) => "SSL",
            (Some(_), Some(_)) => "SASL_SSL",
        };
        // After a crash the controller keeps the broker out until its last session
        // has timed out, which is 9 s unless it is said otherwise.
        let mut properties = format!(
            "process.roles=broker,controller
node.id=1
controller.quorum.voters=1@127.0.0.1:{controller}
listeners=CLIENTS://127.0.0.1:{clients},INTERNAL://127.0.0.1:{internal},CONTROLLER://127.0.0.1:{controller}
listener.security.protocol.map=CLIENTS:{protocol},INTERNAL:PLAINTEXT,CONTROLLER:PLAINTEXT
inter.broker.listener.name=INTERNAL
controller.listener.names=CONTROLLER
log.dirs={}
broker.session.timeout.ms=3000
broker.heartbeat.interval.ms=500
auto.create.topics.enable=true
group.initial.rebalance.delay.ms=0
offsets.topic.replication.factor=1
offsets.topic.num.partitions=1
transaction.state.log.replication.factor=1
transaction.state.log.min.isr=1
transaction.state.log.num.partitions=1
share.coordinator.state.topic.replication.factor=1
share.coordinator.state.topic.min.isr=1
share.coordinator.state.topic.num.partitions=1
",
            folder.join("data").display()
        );
        if let Some((name, password)) = &self.user {
            let module = "org.apache.kafka.common.security";
            properties += &format!(
                "sasl.enabled.mechanisms=PLAIN,SCRAM-SHA-256
listener.name.clients.plain.sasl.jaas.config={module}.plain.PlainLoginModule required user_{name}=\"{password}\";
listener.name.clients.scram-sha-256.sasl.jaas.config={module}.scram.ScramLoginModule required;
"
            );
        }
        if let Some(tls) = &self.tls {
            tls.write(folder)?;
            let server = &tls.certificates.server;
            let store = folder.join("store.pem");
            fs::write(&store, format!("{}{}", server.key, server.certificate))?;
            properties += &format!(
                "ssl.client.auth={}
ssl.keystore.type=PEM
ssl.keystore.location={}
ssl.truststore.type=PEM
ssl.truststore.location={}
",
                if tls.mutual { "required" } else { "requested" },
                store.display(),
                folder.join(Tls::AUTHORITY).display()
            );
        }
        Ok(properties)
    }
}

struct Ports {
    clients: u16,
    internal: u16,
    controller: u16,
}

struct Java {
    program: PathBuf,
    jars: PathBuf,
}

impl Java {
    /// Small, and quick to start rather than quick for long.
    const OPTIONS: [&str; 4] = [
        "-Xmx512m",
        "-XX:+UseSerialGC",
        "-XX:TieredStopAtLevel=1",
        "-Dorg.slf4j.simpleLogger.defaultLogLevel=warn",
    ];

    fn run(&self, class: &str) -> Command {
        let mut jars = OsString::from(&self.jars);
        jars.push("/*");
        let mut command = Command::new(&self.program);
        command.args(Self::OPTIONS).arg("-cp").arg(jars).arg(class);
        command
    }
}

/// A UUID as Kafka writes it: sixteen bytes in 22 characters of base64.
fn cluster_id() -> String {
    let mut id: String = (0..21).map(|_| fastrand::alphanumeric()).collect();
    id.push('A');
    id
}

/// Asks for the metadata of no topic (version 4).
fn metadata_request() -> Vec<u8> {
    let mut request = Vec::new();
    request.extend(3_i16.to_be_bytes()); // Metadata
    request.extend(4_i16.to_be_bytes()); // its version
    request.extend(1_i32.to_be_bytes()); // to know the answer by
    request.extend(text("probe"));
    request.extend(0_i32.to_be_bytes()); // no topics
    request.push(0); // and none is to be made
    let length = u32::try_from(request.len()).expect("it is short");
    [length.to_be_bytes().to_vec(), request].concat()
}

/// The middle of the answer: the only broker and the cluster. Before it takes requests, there is no broker.
fn metadata_of(port: u16, cluster: &str) -> Vec<u8> {
    let mut answer = text("127.0.0.1");
    answer.extend(u32::from(port).to_be_bytes());
    answer.extend((-1_i16).to_be_bytes()); // no rack
    answer.extend(text(cluster));
    answer
}

fn text(text: &str) -> Vec<u8> {
    let length = u16::try_from(text.len()).expect("it is short");
    [&length.to_be_bytes(), text.as_bytes()].concat()
}
