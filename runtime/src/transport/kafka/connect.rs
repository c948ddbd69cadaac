//! How a connection is made.

use std::{borrow::Cow, fmt, future::IntoFuture, sync::Arc, time::Duration};

use rdkafka::{ClientConfig, config::RDKafkaLogLevel};

use super::{Kafka, Limits, client::Client, server};
use crate::{
    BoxError, BoxFuture, Listen, Routes, Serve, TransportError, backoff::Backoff,
    service::BoxService,
};

/// A connection to be made: await it for a client, or give it to `.on(..)`.
#[must_use = "nothing is connected until it is awaited or served on"]
#[derive(Clone)]
pub struct KafkaConnect {
    brokers: String,
    login: Option<Login>,
    requires_tls: bool,
    name: Option<String>,
    set: Vec<(String, String)>,
    backoff: Backoff,
    pub(super) prefix: String,
    pub(super) group: Option<String>,
    pub(super) from_start: bool,
    pub(super) creates_topics: bool,
    pub(super) partitions: Option<u16>,
    pub(super) replication: Option<u16>,
    pub(super) limits: Limits,
    pub(super) connect_timeout: Duration,
}

#[derive(Clone)]
struct Login {
    mechanism: &'static str,
    user: String,
    password: String,
}

impl KafkaConnect {
    pub(super) fn new(url: &str) -> Self {
        let url = url.strip_prefix("kafka://").unwrap_or(url);
        let (login, brokers) = match url.rsplit_once('@') {
            Some((login, brokers)) => (Some(login), brokers),
            None => (None, url),
        };
        let login = login.map(|login| {
            let (user, password) = login.split_once(':').unwrap_or((login, ""));
            Login {
                mechanism: "PLAIN",
                user: decoded(user),
                password: decoded(password),
            }
        });
        Self {
            brokers: brokers.trim_end_matches('/').to_owned(),
            login,
            requires_tls: false,
            name: None,
            set: Vec::new(),
            backoff: Backoff::default(),
            prefix: String::new(),
            group: None,
            from_start: false,
            creates_topics: true,
            partitions: None,
            replication: None,
            limits: Limits::default(),
            connect_timeout: Duration::from_secs(5),
        }
    }

    /// Logs in by SASL PLAIN, which shows the password to whoever listens where
    /// there is no TLS.
    pub fn user(self, name: impl Into<String>, password: impl Into<String>) -> Self {
        self.login("PLAIN", name.into(), password.into())
    }

    /// Logs in by SASL SCRAM-SHA-256.
    #[cfg(feature = "kafka-tls")]
    pub fn scram_sha256(self, name: impl Into<String>, password: impl Into<String>) -> Self {
        self.login("SCRAM-SHA-256", name.into(), password.into())
    }

    /// Logs in by SASL SCRAM-SHA-512.
    #[cfg(feature = "kafka-tls")]
    pub fn scram_sha512(self, name: impl Into<String>, password: impl Into<String>) -> Self {
        self.login("SCRAM-SHA-512", name.into(), password.into())
    }

    fn login(mut self, mechanism: &'static str, user: String, password: String) -> Self {
        self.login = Some(Login {
            mechanism,
            user,
            password,
        });
        self
    }

    /// Asks for TLS.
    #[cfg(feature = "kafka-tls")]
    pub fn tls(mut self) -> Self {
        self.requires_tls = true;
        self
    }

    /// Trusts the certificates in this PEM file in place of those of the system, and asks for TLS.
    #[cfg(feature = "kafka-tls")]
    pub fn authority(self, file: impl AsRef<std::path::Path>) -> Self {
        let file = file.as_ref().display().to_string();
        self.tls().set("ssl.ca.location", file)
    }

    /// Shows the certificate in one PEM file, whose key is in the other, and asks for TLS.
    #[cfg(feature = "kafka-tls")]
    pub fn identity(
        self,
        certificate: impl AsRef<std::path::Path>,
        key: impl AsRef<std::path::Path>,
    ) -> Self {
        let (certificate, key) = (certificate.as_ref().display(), key.as_ref().display());
        self.tls()
            .set("ssl.certificate.location", certificate.to_string())
            .set("ssl.key.location", key.to_string())
    }

    /// What brokers call this client in their logs and quotas: `anywire` unless set.
    pub fn name(mut self, name: impl Into<String>) -> Self {
        self.name = Some(name.into());
        self
    }

    /// The consumer group of a server, whose members share its requests: the
    /// service's name with its package unless set, `acme.users.v1.Users`. A
    /// subscriber's own group counts more.
    pub fn group(mut self, group: impl Into<String>) -> Self {
        self.group = Some(group.into());
        self
    }

    /// A new group begins where its topics begin; it begins where they end unless set.
    pub fn from_start(mut self) -> Self {
        self.from_start = true;
        self
    }

    /// What all names of topics and groups begin with: nothing unless set. For
    /// several environments that share a cluster.
    pub fn prefix(mut self, prefix: impl Into<String>) -> Self {
        self.prefix = prefix.into();
        self
    }

    /// Whether topics that are missing are created: yes unless set.
    pub fn create_topics(mut self, create: bool) -> Self {
        self.creates_topics = create;
        self
    }

    /// How many partitions a topic gets that is created: what the broker says
    /// unless set. No more members of a group than that have something to do.
    pub fn partitions(mut self, partitions: u16) -> Self {
        self.partitions = Some(partitions);
        self
    }

    /// How many brokers keep a topic that is created: what the broker says unless set.
    pub fn replication(mut self, replication: u16) -> Self {
        self.replication = Some(replication);
        self
    }

    /// Any other option of librdkafka, by its name there: `compression.type`.
    ///
    /// Those that decide what is committed, and when a group changes hands, stay as they are.
    pub fn set(mut self, option: impl Into<String>, value: impl Into<String>) -> Self {
        self.set.push((option.into(), value.into()));
        self
    }

    /// Changes the limits.
    pub fn limits(mut self, change: impl FnOnce(&mut Limits)) -> Self {
        change(&mut self.limits);
        self
    }

    /// How long it may take to connect, or to prepare a topic: 5 seconds unless set.
    pub fn connect_timeout(mut self, timeout: Duration) -> Self {
        self.connect_timeout = timeout;
        self
    }

    /// The pause after a failed attempt to connect again, which doubles up to
    /// `longest`, less up to half at random: 50 ms and 1 s unless set.
    pub fn backoff(mut self, first: Duration, longest: Duration) -> Self {
        self.backoff = Backoff { first, longest };
        self
    }

    pub(super) fn retries(&self) -> Backoff {
        self.backoff
    }

    /// The name of a topic or group here.
    pub(super) fn named<'a>(&self, name: &'a str) -> Cow<'a, str> {
        if self.prefix.is_empty() {
            return Cow::Borrowed(name);
        }
        Cow::Owned(format!("{}{name}", self.prefix))
    }

    /// What every connection is told.
    pub(super) fn client(&self) -> ClientConfig {
        let mut config = ClientConfig::new();
        config
            .set("bootstrap.servers", &self.brokers)
            .set("client.id", self.name.as_deref().unwrap_or("anywire"))
            .set("socket.nagle.disable", "true")
            .set("reconnect.backoff.ms", millis(self.backoff.first))
            .set("reconnect.backoff.max.ms", millis(self.backoff.longest))
            .set("message.max.bytes", self.limits.max_message.to_string())
            .set_log_level(RDKafkaLogLevel::Warning);
        if let Some(Login {
            mechanism,
            user,
            password,
        }) = &self.login
        {
            config
                .set("sasl.mechanism", *mechanism)
                .set("sasl.username", user)
                .set("sasl.password", password);
        }
        let protocol = match (self.requires_tls, &self.login) {
            (false, None) => "plaintext",
            (false, Some(_)) => "sasl_plaintext",
            (true, None) => "ssl",
            (true, Some(_)) => "sasl_ssl",
        };
        config.set("security.protocol", protocol);
        config
    }

    /// What a producer is told besides.
    pub(super) fn producer(&self) -> ClientConfig {
        let mut config = self.client();
        config
            .set("acks", "all")
            .set("enable.idempotence", "true")
            .set("linger.ms", "0")
            .set("sticky.partitioning.linger.ms", "0")
            // As the clients of Java and JavaScript do.
            .set("partitioner", "murmur2_random")
            // No longer than most callers wait.
            .set("message.timeout.ms", "10000")
            .set(
                "queue.buffering.max.messages",
                self.limits.max_unsent.to_string(),
            );
        self.with_own(config)
    }

    /// What a consumer is told besides.
    pub(super) fn consumer(&self, group: &str) -> ClientConfig {
        let mut config = self.client();
        let kilobytes = (self.limits.max_fetched >> 10).max(1);
        config
            // A partition that was added is fetched when the last fetch has come back.
            .set("fetch.wait.max.ms", "100")
            .set("fetch.error.backoff.ms", "50")
            .set("fetch.queue.backoff.ms", "10")
            .set("queued.max.messages.kbytes", kilobytes.to_string())
            .set("session.timeout.ms", "10000")
            .set("heartbeat.interval.ms", "1000");
        let mut config = self.with_own(config);
        config
            .set("group.id", group)
            .set("group.protocol", "classic")
            // Over all topics together, and nobody keeps a partition while others change hands.
            .set("partition.assignment.strategy", "roundrobin")
            .set("enable.auto.commit", "false")
            .set("enable.auto.offset.store", "false")
            .set("allow.auto.create.topics", "false")
            // Where an offset is gone the rest is still to be handled.
            .set("auto.offset.reset", "earliest");
        config
    }

    /// What whoever makes topics is told.
    pub(super) fn admin(&self) -> ClientConfig {
        self.with_own(self.client())
    }

    fn with_own(&self, mut config: ClientConfig) -> ClientConfig {
        for (option, value) in &self.set {
            config.set(option, value);
        }
        config
    }

    pub(super) fn unreachable(&self, reason: impl Into<String>) -> TransportError {
        TransportError::Unreachable {
            address: self.brokers.clone(),
            reason: reason.into(),
        }
    }
}

fn millis(time: Duration) -> String {
    time.as_millis().max(1).to_string()
}

/// Text of a URL, with its `%40`s as what they stand for.
fn decoded(text: &str) -> String {
    let mut bytes = Vec::new();
    let mut rest = text.as_bytes();
    while let [first, after @ ..] = rest {
        let hex = after.get(..2).and_then(|hex| str::from_utf8(hex).ok());
        match hex.and_then(|hex| u8::from_str_radix(hex, 16).ok()) {
            Some(byte) if *first == b'%' => {
                bytes.push(byte);
                rest = &after[2..];
            }
            _ => {
                bytes.push(*first);
                rest = after;
            }
        }
    }
    String::from_utf8_lossy(&bytes).into_owned()
}

/// Connects, and fails if the first attempt does.
impl IntoFuture for KafkaConnect {
    type Output = Result<Kafka, TransportError>;
    type IntoFuture = BoxFuture<Self::Output>;

    fn into_future(self) -> Self::IntoFuture {
        Box::pin(async move { Ok(Kafka(Arc::new(Client::connect(self).await?))) })
    }
}

/// Serves over connections of its own.
impl Listen for KafkaConnect {
    type Profile = Kafka;

    async fn bind(self, routes: Routes, service: BoxService) -> Result<impl Serve, BoxError> {
        server::bind(self, routes, service).await
    }
}

impl fmt::Debug for KafkaConnect {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("KafkaConnect")
            .field("brokers", &self.brokers)
            .field("limits", &self.limits)
            .finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_url_may_hold_a_login_which_is_shown_to_nobody() {
        let connect = KafkaConnect::new("kafka://ada:p%40ss%3A1@one:9092,two:9093/");
        assert_eq!(connect.brokers, "one:9092,two:9093");
        let config = connect.client();
        assert_eq!(config.get("sasl.username"), Some("ada"));
        assert_eq!(config.get("sasl.password"), Some("p@ss:1"));
        assert_eq!(config.get("security.protocol"), Some("sasl_plaintext"));
        assert!(!format!("{connect:?}").contains("ss:1"));
    }

    #[test]
    fn an_address_alone_is_enough() {
        let connect = KafkaConnect::new("one:9092");
        assert_eq!(connect.brokers, "one:9092");
        assert_eq!(connect.client().get("sasl.username"), None);
    }

    #[test]
    fn what_decides_on_commits_is_not_for_users_to_set() {
        let connect = KafkaConnect::new("one:9092")
            .set("enable.auto.commit", "true")
            .set("fetch.wait.max.ms", "7");
        let config = connect.consumer("group");
        assert_eq!(config.get("enable.auto.commit"), Some("false"));
        assert_eq!(config.get("fetch.wait.max.ms"), Some("7"));
    }
}
