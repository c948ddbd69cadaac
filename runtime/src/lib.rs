//! One contract, any wire.

#![cfg_attr(docsrs, feature(doc_cfg))]

mod app;
#[cfg(any(
    feature = "_nest",
    feature = "_redis",
    feature = "_stored",
    feature = "grpc"
))]
mod backoff;
mod call;
mod capability;
pub mod check;
mod clock;
mod codec;
mod context;
#[cfg(feature = "_stored")]
#[cfg_attr(
    not(feature = "_all"),
    allow(dead_code, reason = "each transport uses some of it")
)]
pub mod delivery;
mod error;
#[cfg(any(feature = "grpc", feature = "tcp"))]
mod fingerprint;
#[cfg(feature = "http")]
pub mod http;
mod layer;
mod message;
mod operation;
#[cfg(feature = "serde")]
pub mod serde;
mod server;
mod service;
pub mod transport;
mod types;
mod wire;

pub use bytes::Bytes;
pub use futures_core::Stream;
pub use uuid::Uuid;

pub use app::{
    App, DEFAULT_GRACE_PERIOD, Endpoint, IsBound, RunError, Running, StartError, StopError,
};
pub use call::{Call, Channel, ClientService, StreamingCall};
pub use capability::{
    AtLeastOnce, AtMostOnce, CarriedBy, HasProto, HasTopic, KeyOrder, RequestReply, StreamsBoth,
    StreamsReplies, StreamsRequests,
};
pub use codec::{DecodeError, EncodeError, MapKey, Proto, Wire, json, proto, proto::ProtoError};
pub use context::Context;
pub use error::{
    BoxError, CallError, CodecError, ContractError, Failure, Hidden, Kind, OrInternal,
    RpcException, TransportError,
};
pub use layer::ClientLayer;
pub use message::{Encoding, Headers, MESSAGE_ID, Payloads, REMAINING_MS, Reply, Request};
pub use operation::{
    DEFAULT_TIMEOUT, Delivery, Event, Meta, NO_TIMEOUT, Operation, OperationKind, ProtoCodec,
    ProtoDetails, Streams,
};
pub use server::{Bound, Dispatch, Incoming, On, Subscriber, Values};
pub use service::{BoxService, ReplyFuture};
#[cfg(feature = "grpc")]
pub use transport::grpc::Grpc;
#[cfg(feature = "jetstream")]
pub use transport::jetstream::JetStream;
#[cfg(feature = "kafka")]
pub use transport::kafka::Kafka;
#[cfg(feature = "memory")]
pub use transport::memory::Memory;
#[cfg(feature = "nats")]
pub use transport::nats::Nats;
#[cfg(feature = "rabbitmq")]
pub use transport::rabbitmq::RabbitMq;
#[cfg(feature = "redis")]
pub use transport::redis::Redis;
#[cfg(feature = "redis-streams")]
pub use transport::redis_streams::RedisStreams;
#[cfg(feature = "tcp")]
pub use transport::tcp::{NativeTcp, Tcp};
pub use transport::{AnyTransport, Listen, Pending, Routes, Serve, Stop, Transport};
pub use types::{Date, Decimal, Duration, Json, ParseError, Timestamp, Unrecognized};

/// A contract inside Rust code: the same language, the same generated items,
/// and every mistake at its token.
///
/// The attribute takes what `#![contract(..)]` takes at the top of a file, and
/// `crate = ".."` where the runtime is a dependency of another name. A contract
/// in files ([`include_contracts!`]) can be imported by others and exported;
/// one inside Rust code stands alone.
///
/// ```
/// use anywire::{App, Context, Failure, Memory};
///
/// #[anywire::contract(package = "acme.math.v1")]
/// mod math {
///     /// Computes.
///     #[service]
///     pub trait Math {
///         #[message("math.sum")]
///         fn sum(#[payload] numbers: Vec<i32>) -> i64;
///     }
/// }
///
/// struct Adder;
///
/// impl math::Math for Adder {
///     async fn sum(&self, _: &Context, numbers: Vec<i32>) -> Result<i64, Failure> {
///         Ok(numbers.into_iter().map(i64::from).sum())
///     }
/// }
///
/// # #[tokio::main(flavor = "current_thread")] async fn main() -> Result<(), Box<dyn std::error::Error>> {
/// let memory = Memory::new();
/// let app = App::new().serve(math::MathServer::new(Adder).on(memory.clone()));
/// let running = app.start().await?;
/// assert_eq!(math::MathClient::new(memory).sum(vec![1, 2, 3]).await?, 6);
/// running.stop().await?;
/// # Ok(()) }
/// ```
///
/// [`include_contracts!`]: crate::include_contracts
#[cfg(feature = "macros")]
pub use anywire_macros::contract;

/// A boxed future that can be sent between threads.
pub type BoxFuture<T> = std::pin::Pin<Box<dyn std::future::Future<Output = T> + Send>>;

/// Includes the code that `anywire_contracts::Build` generated in `build.rs`:
/// one module for each contract file.
///
/// Call it once, where the modules shall stand; usually at the crate's root.
#[macro_export]
macro_rules! include_contracts {
    () => {
        // Generated code names the runtime by this name, so that it works
        // under whatever name Cargo.toml gives the crate.
        #[doc(hidden)]
        #[allow(unused_imports)]
        use $crate as __anywire;

        // By absolute paths, for crates without a prelude.
        ::core::include!(::core::concat!(
            ::core::env!("OUT_DIR"),
            "/anywire/contracts.rs"
        ));
    };
}

#[cfg(not(feature = "serde"))]
#[doc(hidden)]
#[macro_export]
macro_rules! __serde_of {
    ($($ty:ident),*) => {
        ::core::compile_error!("`Build::serde()` needs the feature `serde` of anywire");
    };
}

/// What generated code uses, under a name that holds the version: a compiler
/// and a runtime that do not belong together fail with one clear error.
#[doc(hidden)]
pub mod __for_contracts_0_1_0 {
    pub use crate::__serde_of as serde_of;
    pub use crate::{
        AnyTransport, AtLeastOnce, AtMostOnce, Bound, BoxFuture, Bytes, Call, CarriedBy, Channel,
        ClientLayer, Context, ContractError, DEFAULT_TIMEOUT, Date, Decimal, DecodeError, Delivery,
        Dispatch, Duration, Event, Failure, HasProto, HasTopic, Incoming, Json, KeyOrder, Kind,
        Listen, MapKey, Meta, NO_TIMEOUT, Operation, OperationKind, Proto, ProtoCodec,
        ProtoDetails, ProtoError, Reply, Request, RequestReply, Stream, StreamingCall, Streams,
        StreamsBoth, StreamsReplies, StreamsRequests, Subscriber, Timestamp, Transport,
        Unrecognized, Uuid, Values, Wire,
        check::{Pattern, Violations},
        codec::Text,
        json::{Reader, Writer},
        operation::millis,
        proto,
        server::{AsService, no_handler, open, open_stream, respond, respond_stream},
        types::decimal,
    };

    /// What generated modules import: the built-in types of the contract
    /// language by their bare names, which no type of a contract can take, and
    /// what Rust's own prelude has of these, for crates without one.
    pub mod prelude {
        // A contract may have a type `Clone`, which hides the trait's name.
        pub use std::clone::Clone as _;
        pub use std::cmp::{Eq, Ord, PartialEq, PartialOrd};
        pub use std::{
            boxed::Box,
            clone::Clone,
            collections::{BTreeMap, HashMap},
            convert::{From as _, Into as _},
            fmt::Debug,
            hash::Hash,
            marker::Copy,
            option::Option::{self, None, Some},
            prelude::v1::derive,
            result::Result::{self, Err, Ok},
            string::String,
            vec::Vec,
        };

        pub use crate::{Bytes, Date, Decimal, Duration, Json, Timestamp, Uuid};
    }
}
