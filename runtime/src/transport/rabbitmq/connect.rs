//! How a connection is made, and made again.

use std::{
    collections::BTreeMap, fmt, future::IntoFuture, path::PathBuf, sync::Arc, time::Duration,
};

use lapin::{
    Connection, ConnectionProperties,
    types::{AMQPValue, FieldTable},
    uri::AMQPUri,
};

use super::{Limits, RabbitMq, client::Client, dial::dial, message, server};
use crate::{
    BoxError, BoxFuture, Listen, Meta, Routes, Serve, TransportError, backoff::Backoff,
    service::BoxService, transport::tls::Trust,
};

/// The exchange of events unless another is named.
pub const DEFAULT_EXCHANGE: &str = "anywire.events";

/// A connection to be made: await it for a client, or give it to `.on(..)`.
///
/// Clones that serve on one queue take its messages together, so that several
/// services can be served on one.
#[must_use = "nothing is connected until it is awaited or served on"]
#[derive(Clone)]
pub struct RabbitMqConnect {
    url: String,
    user: Option<(String, String)>,
    trust: Trust,
    name: Option<String>,
    heartbeat: Duration,
    queue: Option<String>,
    pub(super) durable: bool,
    pub(super) auto_delete: bool,
    pub(super) arguments: BTreeMap<String, Argument>,
    pub(super) declares: bool,
    pub(super) exchange: String,
    pub(super) events_to_queue: bool,
    pub(super) requests_to_exchange: bool,
    pub(super) is_fanout: bool,
    pub(super) acks_when_handled: bool,
    pub(super) limits: Limits,
    pub(super) connect_timeout: Duration,
    pub(super) backoff: Backoff,
    pub(super) places: Arc<server::Places>,
}

/// The value of a queue's argument.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum Argument {
    /// A text, such as a queue's type.
    Text(String),
    /// A number, such as a time in milliseconds.
    Number(i64),
    /// Yes or no.
    Flag(bool),
}

impl From<&str> for Argument {
    fn from(text: &str) -> Self {
        Self::Text(text.to_owned())
    }
}

impl From<String> for Argument {
    fn from(text: String) -> Self {
        Self::Text(text)
    }
}

impl From<i64> for Argument {
    fn from(number: i64) -> Self {
        Self::Number(number)
    }
}

impl From<i32> for Argument {
    fn from(number: i32) -> Self {
        Self::Number(number.into())
    }
}

impl From<bool> for Argument {
    fn from(flag: bool) -> Self {
        Self::Flag(flag)
    }
}

impl RabbitMqConnect {
    pub(super) fn new(url: String) -> Self {
        Self {
            url,
            user: None,
            trust: Trust::default(),
            name: None,
            heartbeat: Duration::from_secs(10),
            queue: None,
            durable: true,
            auto_delete: false,
            arguments: BTreeMap::new(),
            declares: true,
            exchange: DEFAULT_EXCHANGE.to_owned(),
            events_to_queue: false,
            requests_to_exchange: false,
            is_fanout: false,
            acks_when_handled: false,
            limits: Limits::default(),
            connect_timeout: Duration::from_secs(5),
            backoff: Backoff::default(),
            places: Arc::default(),
        }
    }

    /// Logs in with a name and a password, in place of those of the URL. A
    /// client's certificate counts where the URL ends in
    /// `?auth_mechanism=external`.
    pub fn user(mut self, name: impl Into<String>, password: impl Into<String>) -> Self {
        self.user = Some((name.into(), password.into()));
        self
    }

    /// Trusts the certificates in this PEM file besides those of the system.
    pub fn authority(mut self, file: impl Into<PathBuf>) -> Self {
        self.trust.add_authority(file);
        self
    }

    /// Shows the certificate in one PEM file, whose key is in the other.
    pub fn identity(mut self, certificate: impl Into<PathBuf>, key: impl Into<PathBuf>) -> Self {
        self.trust.show(certificate, key);
        self
    }

    /// What RabbitMQ calls this connection in its lists.
    pub fn name(mut self, name: impl Into<String>) -> Self {
        self.name = Some(name.into());
        self
    }

    /// The longest silence of a connection that is not lost: 10 seconds unless
    /// set, in whole seconds. A `heartbeat` in the URL goes first.
    pub fn heartbeat(mut self, heartbeat: Duration) -> Self {
        self.heartbeat = heartbeat;
        self
    }

    /// The queue of requests and messages without an answer: NestJS's option
    /// `queue`. Unless set each service has its own, named `package.Service`.
    ///
    /// All who serve on a queue must serve the same: RabbitMQ gives each
    /// message to any one of them. Several services are served on one by clones
    /// of one `RabbitMqConnect`.
    pub fn queue(mut self, queue: impl Into<String>) -> Self {
        self.queue = Some(queue.into());
        self
    }

    /// Whether the queue of requests outlives a restart of RabbitMQ: yes unless
    /// set, as in NestJS. All who declare a queue must agree on it.
    pub fn durable(mut self, durable: bool) -> Self {
        self.durable = durable;
        self
    }

    /// Whether the queue of requests goes with its last server: no unless set.
    /// Where it does, requests to nobody are refused at once.
    pub fn auto_delete(mut self, auto_delete: bool) -> Self {
        self.auto_delete = auto_delete;
        self
    }

    /// An argument of the queue of requests and of those of groups, such as
    /// `x-queue-type`, `quorum`: NestJS's option `queueOptions.arguments`.
    pub fn argument(mut self, name: impl Into<String>, value: impl Into<Argument>) -> Self {
        self.arguments.insert(name.into(), value.into());
        self
    }

    /// Whether the queue of requests and the exchange are declared: yes unless
    /// set. What is not declared must be there; NestJS has `noAssert`.
    pub fn declare(mut self, declare: bool) -> Self {
        self.declares = declare;
        self
    }

    /// The topic exchange of events, and of requests that
    /// [go by it](Self::requests_to_exchange): [`DEFAULT_EXCHANGE`] unless set.
    /// Not with [`fanout`](Self::fanout), which names its own. NestJS 11
    /// has the same as its option `exchange`, with `wildcards: true`.
    pub fn exchange(mut self, exchange: impl Into<String>) -> Self {
        self.exchange = exchange.into();
        self
    }

    /// Sends events into the queue of requests, and takes them from there, as
    /// NestJS does by default: an event reaches one of those who serve on the
    /// queue, and there all its subscribers.
    pub fn events_to_queue(mut self) -> Self {
        self.events_to_queue = true;
        self
    }

    /// Sends requests, and messages without an answer, to the exchange, with the
    /// route as the key; servers bind their queue to it for the routes that they
    /// serve. NestJS 11 has the same as its option `wildcards: true`.
    ///
    /// What no queue is bound for is refused as
    /// [`NoHandler`](TransportError::NoHandler); what two are bound for reaches
    /// a server of each.
    pub fn requests_to_exchange(mut self) -> Self {
        self.requests_to_exchange = true;
        self
    }

    /// Sends all, requests and events, to a fanout exchange, and takes from the
    /// queue of requests, which is bound to it: each queue gets each message.
    /// NestJS 11 has the same as its options `exchange` and
    /// `exchangeType: 'fanout'`.
    ///
    /// Servers that serve different things have a [queue](Self::queue) each. An
    /// event reaches the subscribers of each queue, of a group one on each; a
    /// server that has none drops it. A request reaches a server of each queue,
    /// and the first answer counts, be it that there is no handler.
    pub fn fanout(mut self, exchange: impl Into<String>) -> Self {
        self.exchange = exchange.into();
        self.is_fanout = true;
        self
    }

    /// Acknowledges a request when its handler has ended, not as it is taken:
    /// the request of a server that dies is given to another one, and may so be
    /// handled twice.
    pub fn ack_when_handled(mut self) -> Self {
        self.acks_when_handled = true;
        self
    }

    /// Changes the limits.
    pub fn limits(mut self, change: impl FnOnce(&mut Limits)) -> Self {
        change(&mut self.limits);
        self
    }

    /// How long one attempt to connect may take: 5 seconds unless set.
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

    /// Whether requests go by the exchange.
    pub(super) fn exchanges_requests(&self) -> bool {
        self.requests_to_exchange || self.is_fanout
    }

    /// Whether a server takes events from the queue of requests.
    pub(super) fn takes_events_with_requests(&self) -> bool {
        self.events_to_queue || self.is_fanout
    }

    /// The queue of what is not an event, and of an operation that is where
    /// events go there too.
    pub(super) fn queue_of(&self, meta: &Meta) -> String {
        match &self.queue {
            Some(queue) => queue.clone(),
            None => format!("{}.{}", meta.package, meta.service),
        }
    }

    /// The arguments of the queue of requests and of those of groups.
    pub(super) fn table(&self) -> Result<FieldTable, TransportError> {
        let mut table = FieldTable::default();
        for (name, value) in &self.arguments {
            let value = match value {
                Argument::Text(text) => AMQPValue::LongString(text.as_str().into()),
                Argument::Number(number) => AMQPValue::LongLongInt(*number),
                Argument::Flag(flag) => AMQPValue::Boolean(*flag),
            };
            table.insert(message::short("argument", name)?, value);
        }
        Ok(table)
    }

    /// Connects to the first address that answers.
    pub(super) async fn open(&self) -> Result<Connection, TransportError> {
        let addresses = self.addresses()?;
        let mut reasons = Vec::new();
        for uri in &addresses {
            let connect = self.open_one(uri.clone());
            match tokio::time::timeout(self.connect_timeout, connect).await {
                Ok(Ok(connection)) => return Ok(connection),
                Ok(Err(error)) => reasons.push(error.to_string()),
                Err(_) => reasons.push("no answer in time".to_owned()),
            }
        }
        Err(TransportError::Unreachable {
            address: shown(&addresses),
            reason: reasons.join("; "),
        })
    }

    async fn open_one(&self, uri: AMQPUri) -> Result<Connection, BoxError> {
        let mut properties = ConnectionProperties::default();
        if let Some(name) = &self.name {
            properties = properties.with_connection_name(name.as_str().into());
        }
        let trust = self.trust.clone();
        Ok(dial(uri, properties, trust, self.connect_timeout).await?)
    }

    fn addresses(&self) -> Result<Vec<AMQPUri>, TransportError> {
        let addresses = self.url.split(',').map(|url| {
            let mut uri: AMQPUri = url
                .trim()
                .parse()
                .map_err(|_| TransportError::Unreachable {
                    // Neither the URL nor what the library says of it: both may hold a password.
                    address: "RabbitMQ".to_owned(),
                    reason: "its URL is not of the form amqp://host:port/vhost".to_owned(),
                })?;
            if let Some((name, password)) = &self.user {
                uri.authority.userinfo.username.clone_from(name);
                uri.authority.userinfo.password.clone_from(password);
            }
            let heartbeat = u16::try_from(self.heartbeat.as_secs()).unwrap_or(u16::MAX);
            uri.query.heartbeat.get_or_insert(heartbeat);
            Ok(uri)
        });
        addresses.collect()
    }
}

/// The addresses without what is secret in them.
fn shown(addresses: &[AMQPUri]) -> String {
    let addresses: Vec<String> = addresses
        .iter()
        .map(|uri| format!("{}:{}", uri.authority.host, uri.authority.port))
        .collect();
    addresses.join(",")
}

/// Connects, and fails if the first attempt does.
impl IntoFuture for RabbitMqConnect {
    type Output = Result<RabbitMq, TransportError>;
    type IntoFuture = BoxFuture<Self::Output>;

    fn into_future(self) -> Self::IntoFuture {
        Box::pin(async move { Ok(RabbitMq(Arc::new(Client::connect(self).await?))) })
    }
}

/// Serves over a connection of its own.
impl Listen for RabbitMqConnect {
    type Profile = RabbitMq;

    async fn bind(self, routes: Routes, service: BoxService) -> Result<impl Serve, BoxError> {
        server::bind(self, &routes, &service).await
    }
}

impl fmt::Debug for RabbitMqConnect {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let address = self.addresses().map(|addresses| shown(&addresses));
        f.debug_struct("RabbitMqConnect")
            .field("address", &address.unwrap_or_default())
            .field("queue", &self.queue)
            .field("exchange", &self.exchange)
            .field("limits", &self.limits)
            .finish_non_exhaustive()
    }
}
