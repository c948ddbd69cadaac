//! A transport chosen at run time: by a URL, or by whoever makes it.
//!
//! | URL | transport | feature |
//! |---|---|---|
//! | `tcp://host:port` | [`Tcp`](crate::transport::tcp), on Nest's wire | `tcp` |
//! | `tcps://host:port` | the same, with TLS | `tcp-tls` |
//! | `redis://host:port`, `rediss://` for TLS | [`Redis`](crate::transport::redis) | `redis` |
//! | `nats://host:port`, `tls://` for TLS | [`Nats`](crate::transport::nats) | `nats` |
//! | `amqp://host:port/vhost`, `amqps://` for TLS | [`RabbitMq`](crate::transport::rabbitmq) | `rabbitmq` |
//! | `kafka://host:port` | [`Kafka`](crate::transport::kafka) | `kafka` |
//! | `kafka+ssl://host:port` | the same, with TLS | `kafka-tls` |
//! | `grpc://host:port` or `http://`, `grpcs://` or `https://` for TLS | [`Grpc`](crate::transport::grpc) | `grpc` |
//! | `memory:name` | [`Memory`](crate::transport::memory): one for each name in this process | `memory` |
//!
//! What stands before an `@`, and several brokers with commas between them, are
//! as in the URLs of each transport. Whatever no URL can say, such as a
//! certificate of one's own or a limit, is said to the transport itself:
//! `AnyTransport::new(Redis::connect(url).authority(file).await?)`.

use std::{fmt, sync::Arc};

use super::{Pending, Transport};
use crate::{
    Encoding, Request,
    capability::{AtMostOnce, RequestReply, StreamsReplies},
};

mod connect;

pub use connect::AnyConnect;

/// Any transport, its type forgotten.
///
/// It promises what all transports can do, so that a contract that asks for
/// more is refused by the compiler. What then still depends on the transport is
/// refused at run time: of an operation without a topic on Kafka, and of one
/// that cannot be encoded as protobuf on gRPC, a server does not start, and a
/// call fails as [`NotCarried`](crate::TransportError::NotCarried).
#[derive(Clone)]
pub struct AnyTransport(Arc<dyn Transport>);

impl AnyTransport {
    /// Forgets the type of a transport.
    pub fn new(transport: impl Transport) -> Self {
        Self(Arc::new(transport))
    }

    /// The transport that a URL names: to be awaited for a client, or given to
    /// `.on(..)`, which listens there where no broker stands between. The
    /// [module](crate::transport::any) has the table of URLs.
    ///
    /// ```
    /// # #[tokio::main(flavor = "current_thread")] async fn main() -> Result<(), anywire::TransportError> {
    /// use anywire::AnyTransport;
    ///
    /// let url = std::env::var("USERS_URL").unwrap_or("memory:users".to_owned());
    /// let transport = AnyTransport::connect(url);
    /// // App::new().serve(UsersServer::new(users).on(transport.clone()))
    /// // let users = UsersClient::new(transport.await?);
    /// # transport.await.map(drop) }
    /// ```
    pub fn connect(url: impl AsRef<str>) -> AnyConnect {
        AnyConnect::new(url.as_ref())
    }
}

impl fmt::Debug for AnyTransport {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("AnyTransport")
    }
}

impl Transport for AnyTransport {
    fn start(&self, request: Request) -> Pending {
        self.0.start(request)
    }

    fn encoding(&self) -> Encoding {
        self.0.encoding()
    }
}

impl<Op> RequestReply<Op> for AnyTransport {}
impl<Op> AtMostOnce<Op> for AnyTransport {}
impl<Op> StreamsReplies<Op> for AnyTransport {}
