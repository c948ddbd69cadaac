//! What a URL chooses, on both sides.

use std::{
    fmt,
    future::{Future, IntoFuture},
    net::SocketAddr,
    sync::Arc,
};

use super::AnyTransport;
use crate::{
    BoxError, BoxFuture, Listen, Routes, Serve, Stop, Transport, TransportError,
    server::{ErasedListen, ErasedServe},
    service::BoxService,
};

/// The schemes, and the feature that each needs.
const SCHEMES: &[(&str, &str)] = &[
    ("tcp", "tcp"),
    ("tcps", "tcp-tls"),
    ("redis", "redis"),
    ("rediss", "redis"),
    ("nats", "nats"),
    ("tls", "nats"),
    ("amqp", "rabbitmq"),
    ("amqps", "rabbitmq"),
    ("kafka", "kafka"),
    ("kafka+ssl", "kafka-tls"),
    ("grpc", "grpc"),
    ("http", "grpc"),
    ("grpcs", "grpc"),
    ("https", "grpc"),
    ("memory", "memory"),
];

/// A transport that a URL names: await it for a client, or give it to `.on(..)`.
///
/// Clones share what they listen on, so that several services can be served there.
#[must_use = "nothing is connected until it is awaited or served on"]
#[derive(Clone)]
pub struct AnyConnect {
    chosen: Result<Chosen, TransportError>,
    lazy: bool,
}

/// Both sides of a transport.
#[derive(Clone)]
struct Chosen {
    name: &'static str,
    connect: Arc<dyn Fn(bool) -> BoxFuture<Result<AnyTransport, TransportError>> + Send + Sync>,
    listener: Arc<dyn Fn() -> Result<Box<dyn ErasedListen>, BoxError> + Send + Sync>,
}

impl AnyConnect {
    pub(super) fn new(url: &str) -> Self {
        Self {
            chosen: Chosen::by(url),
            lazy: false,
        }
    }

    /// Over TCP and gRPC, connects when the first call is made, for services
    /// that start in any order. A broker has to be there all the same.
    pub fn lazy(mut self) -> Self {
        self.lazy = true;
        self
    }
}

#[cfg_attr(
    not(all(feature = "_all", feature = "grpc", feature = "tcp-tls")),
    allow(
        dead_code,
        unused_variables,
        clippy::match_single_binding,
        reason = "each transport uses some of it"
    )
)]
impl Chosen {
    fn by(url: &str) -> Result<Self, TransportError> {
        let (scheme, rest) = match (url.split_once("://"), url.split_once(':')) {
            (Some(parts), _) | (None, Some(parts @ ("memory", _))) => parts,
            // It may hold a password, so that it is not shown.
            _ => return Err(unknown("a URL without a scheme", None)),
        };
        let host = rest.trim_end_matches('/').to_owned();
        match scheme.to_ascii_lowercase().as_str() {
            #[cfg(feature = "memory")]
            "memory" => {
                let memory = crate::Memory::named(rest);
                Ok(Self::new(memory.clone(), move |_| {
                    std::future::ready(Ok(memory.clone()))
                }))
            }
            #[cfg(feature = "tcp")]
            "tcp" => Ok(Self::tcp(host)),
            #[cfg(feature = "tcp-tls")]
            "tcps" => Ok(Self::tcp(format!("tls://{host}")).for_clients()),
            #[cfg(feature = "redis")]
            "redis" | "rediss" => Ok(Self::broker(crate::Redis::connect(url))),
            #[cfg(feature = "nats")]
            "nats" | "tls" => Ok(Self::broker(crate::Nats::connect(url))),
            #[cfg(feature = "rabbitmq")]
            "amqp" | "amqps" => Ok(Self::broker(crate::RabbitMq::connect(url))),
            #[cfg(feature = "kafka")]
            "kafka" => Ok(Self::broker(crate::Kafka::connect(rest))),
            #[cfg(feature = "kafka-tls")]
            "kafka+ssl" => Ok(Self::broker(crate::Kafka::connect(rest).tls())),
            #[cfg(feature = "grpc")]
            "grpc" | "http" => Ok(Self::grpc("http", host)),
            #[cfg(feature = "grpc")]
            "grpcs" | "https" => Ok(Self::grpc("https", host).for_clients()),
            scheme => {
                let known = SCHEMES.iter().find(|(known, _)| *known == scheme);
                let feature = known.map(|(_, feature)| *feature);
                Err(unknown(&format!("{scheme}://.."), feature))
            }
        }
    }

    #[cfg(feature = "tcp")]
    fn tcp(address: String) -> Self {
        Self::new(crate::Tcp::listen(&address), move |lazy| {
            let tcp = crate::Tcp::connect(&address);
            async move { if lazy { Ok(tcp.lazy()) } else { tcp.await } }
        })
    }

    #[cfg(feature = "grpc")]
    fn grpc(scheme: &'static str, host: String) -> Self {
        Self::new(crate::Grpc::listen(&host), move |lazy| {
            let grpc = crate::Grpc::connect(format!("{scheme}://{host}"));
            async move { if lazy { grpc.lazy() } else { grpc.await } }
        })
    }

    /// Without the server's side, which TLS asks for a certificate.
    fn for_clients(mut self) -> Self {
        let name = self.name;
        self.listener = Arc::new(move || {
            let reason = "TLS needs a certificate, which no URL can hold";
            Err(format!("{reason}: serve on `{name}::listen(..).identity(..)`").into())
        });
        self
    }

    /// What both sides connect to.
    fn broker<B, T>(options: B) -> Self
    where
        B: IntoFuture<Output = Result<T, TransportError>, IntoFuture: Send>,
        B: Listen + Clone + Sync,
        T: Transport,
    {
        Self::new(options.clone(), move |_| options.clone().into_future())
    }

    fn new<L, F, T>(listener: L, connect: impl Fn(bool) -> F + Send + Sync + 'static) -> Self
    where
        L: Listen + Clone + Sync,
        F: Future<Output = Result<T, TransportError>> + Send + 'static,
        T: Transport,
    {
        Self {
            name: listener.transport(),
            connect: Arc::new(move |lazy| {
                let connected = connect(lazy);
                Box::pin(async { Ok(AnyTransport::new(connected.await?)) })
            }),
            listener: Arc::new(move || Ok(Box::new(listener.clone()))),
        }
    }
}

/// Why a URL chooses nothing: its scheme is none, or needs a feature.
fn unknown(shown: &str, feature: Option<&str>) -> TransportError {
    let reason = if let Some(feature) = feature {
        format!("the feature `{feature}` of anywire is not turned on")
    } else {
        let schemes: Vec<_> = SCHEMES.iter().map(|(scheme, _)| *scheme).collect();
        format!("expected one of the schemes {}", schemes.join(", "))
    };
    TransportError::Unreachable {
        address: shown.to_owned(),
        reason,
    }
}

/// Connects, and fails if the first attempt does.
impl IntoFuture for AnyConnect {
    type Output = Result<AnyTransport, TransportError>;
    type IntoFuture = BoxFuture<Self::Output>;

    fn into_future(self) -> Self::IntoFuture {
        Box::pin(async move { (self.chosen?.connect)(self.lazy).await })
    }
}

/// Serves with the options of the URL.
impl Listen for AnyConnect {
    type Profile = AnyTransport;

    fn transport(&self) -> &'static str {
        self.chosen
            .as_ref()
            .map_or("AnyTransport", |chosen| chosen.name)
    }

    async fn bind(self, routes: Routes, service: BoxService) -> Result<impl Serve, BoxError> {
        let listener = (self.chosen?.listener)()?;
        Ok(AnyServe(listener.bind(routes, service).await?))
    }
}

struct AnyServe(Box<dyn ErasedServe>);

impl Serve for AnyServe {
    fn address(&self) -> Option<SocketAddr> {
        self.0.address()
    }

    async fn serve(self, stop: Stop) {
        self.0.serve(stop).await;
    }
}

impl fmt::Debug for AnyConnect {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("AnyConnect")
            .field("transport", &Listen::transport(self))
            .field("lazy", &self.lazy)
            .finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests;
