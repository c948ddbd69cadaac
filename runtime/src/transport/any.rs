//! A transport chosen at run time.

use std::{fmt, sync::Arc};

use super::{Pending, Transport};
use crate::{
    Encoding, Request,
    capability::{AtMostOnce, RequestReply, StreamsReplies},
};

/// Any transport, its type forgotten.
///
/// It promises requests, streams of replies and what is sent one way, and a
/// contract that asks for more is refused by the compiler. Where the transport
/// within cannot carry even that, the call fails as
/// [`NotCarried`](crate::TransportError::NotCarried).
#[derive(Clone)]
pub struct AnyTransport(Arc<dyn Transport>);

impl AnyTransport {
    /// Forgets the type of a transport.
    pub fn new(transport: impl Transport) -> Self {
        Self(Arc::new(transport))
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
