//! One contract, any wire.

#![cfg_attr(docsrs, feature(doc_cfg))]

mod app;
mod call;
mod capability;
pub mod check;
mod codec;
mod context;
mod error;
#[cfg(feature = "http")]
pub mod http;
mod layer;
mod message;
mod operation;
mod server;
mod service;
pub mod transport;
mod types;
mod wire;

pub use bytes::Bytes;
pub use uuid::Uuid;

pub use app::{
    App, DEFAULT_GRACE_PERIOD, Endpoint, IsBound, RunError, Running, StartError, StopError,
};
pub use call::{Call, Channel, ClientService};
pub use capability::{AtLeastOnce, AtMostOnce, CarriedBy, KeyOrder, RequestReply};
pub use codec::{DecodeError, EncodeError, MapKey, Wire, json};
pub use context::Context;
pub use error::{
    BoxError, CallError, CodecError, ContractError, Failure, Hidden, Kind, OrInternal,
    RpcException, TransportError,
};
pub use layer::ClientLayer;
pub use message::{Headers, REMAINING_MS, Reply, Request};
pub use operation::{DEFAULT_TIMEOUT, Delivery, Event, Meta, Operation, OperationKind};
pub use server::{Bound, Dispatch, On, Subscriber};
pub use service::{BoxService, ReplyFuture};
#[cfg(feature = "memory")]
pub use transport::memory::Memory;
#[cfg(feature = "tcp")]
pub use transport::tcp::Tcp;
pub use transport::{AnyTransport, Listen, Pending, Routes, Serve, Stop, Transport};
pub use types::{Date, Decimal, Duration, Json, ParseError, Timestamp, Unrecognized};

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

        include!(concat!(env!("OUT_DIR"), "/anywire/contracts.rs"));
    };
}

/// What generated code uses, under a name that holds the version: a compiler
/// and a runtime that do not belong together fail with one clear error.
#[doc(hidden)]
pub mod __for_contracts_0_1_0 {
    pub use crate::{
        AnyTransport, AtLeastOnce, AtMostOnce, Bound, BoxFuture, BoxService, Bytes, Call,
        CarriedBy, Channel, ClientLayer, Context, ContractError, DEFAULT_TIMEOUT, Date, Decimal,
        DecodeError, Delivery, Dispatch, Duration, Event, Failure, Json, KeyOrder, Kind, Listen,
        MapKey, Meta, Operation, OperationKind, Reply, Request, RequestReply, Routes, Subscriber,
        Timestamp, Transport, Unrecognized, Uuid, Wire,
        check::{Pattern, Violations},
        codec::Text,
        json::{Reader, Writer},
        operation::millis,
        server::{no_handler, open, respond},
        types::decimal,
    };

    /// What generated modules import: the built-in types of the contract
    /// language by their bare names, which no type of a contract can take, and
    /// what Rust's own prelude has of these, for crates without one.
    pub mod prelude {
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
