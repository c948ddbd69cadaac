pub fn encode(value: &bench::Reply0) -> bytes::Bytes {
    serde_json::to_vec(value).unwrap().into()
}

pub fn decode(bytes: &[u8]) -> bench::Reply0 {
    serde_json::from_slice(bytes).unwrap()
}

/// The runtime as generated code sees it, with serde's traits in place of `Wire`.
pub mod stand_in {
    use std::{future::Future, marker::PhantomData, pin::Pin, sync::Arc, task::{Context as Cx, Poll}};

    pub use anywire::__for_contracts_0_1_0::{
        AnyTransport, AtMostOnce, AsService, Bound, BoxFuture, CarriedBy, ClientLayer, Context, ContractError, DEFAULT_TIMEOUT,
        Delivery, Dispatch, Failure, Listen, Meta, OperationKind, Reply, Request, RequestReply, Transport, no_handler,
        prelude,
    };
    use serde::{Serialize, de::DeserializeOwned};

    pub trait Operation: Send + Sync + 'static {
        type Request: Serialize + DeserializeOwned + Send + 'static;
        type Response: Serialize + DeserializeOwned + Send + 'static;
        type Error: ContractError;
        const META: &'static Meta;
    }

    pub fn open<Op: Operation>(request: Request) -> Result<(Context, Op::Request), Reply> {
        match serde_json::from_slice(&request.payload) {
            Ok(payload) => Ok((Context::new(Op::META), payload)),
            Err(_) => Err(Reply::Value(bytes::Bytes::new())),
        }
    }

    pub fn respond<Op: Operation>(result: Result<Op::Response, Failure<Op::Error>>) -> Reply {
        match result {
            Ok(value) => Reply::Value(serde_json::to_vec(&value).unwrap_or_default().into()),
            Err(_) => Reply::Value(bytes::Bytes::new()),
        }
    }

    pub struct Channel<T>(Arc<dyn Transport>, PhantomData<fn() -> T>);

    impl<T> std::fmt::Debug for Channel<T> {
        fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
            f.write_str("Channel")
        }
    }

    impl<T: Transport> Channel<T> {
        pub fn new(transport: T) -> Self {
            Self(Arc::new(transport), PhantomData)
        }

        pub fn layer<L: ClientLayer>(self, _: &L) -> Self {
            self
        }

        pub fn call<Op: Operation>(&self, request: Op::Request) -> Call<Op> {
            Call { transport: Arc::clone(&self.0), request: Some(Box::new(request)), pending: None }
        }
    }

    impl<T> Clone for Channel<T> {
        fn clone(&self) -> Self {
            Self(Arc::clone(&self.0), PhantomData)
        }
    }

    pub struct Call<Op: Operation> {
        transport: Arc<dyn Transport>,
        request: Option<Box<Op::Request>>,
        pending: Option<anywire::Pending>,
    }

    impl<Op: Operation> Future for Call<Op> {
        type Output = Result<Op::Response, anywire::CallError<Op::Error>>;

        fn poll(mut self: Pin<&mut Self>, cx: &mut Cx<'_>) -> Poll<Self::Output> {
            if let Some(request) = self.request.take() {
                let payload = serde_json::to_vec(&*request).unwrap_or_default();
                self.pending = Some(self.transport.start(Request::new(Op::META, payload.into())));
            }
            match self.pending.as_mut() {
                Some(pending) => Pin::new(pending).poll(cx).map(|reply| match reply {
                    Ok(Reply::Value(payload)) => {
                        serde_json::from_slice(&payload).map_err(|_| anywire::TransportError::Closed.into())
                    }
                    Ok(_) => Err(anywire::TransportError::Closed.into()),
                    Err(error) => Err(error.into()),
                }),
                None => Poll::Pending,
            }
        }
    }

    /// The place of a key among the fields.
    pub struct Fields(pub &'static [&'static str]);

    impl<'de> serde::de::DeserializeSeed<'de> for Fields {
        type Value = usize;

        fn deserialize<D: serde::Deserializer<'de>>(self, deserializer: D) -> Result<usize, D::Error> {
            deserializer.deserialize_identifier(self)
        }
    }

    impl serde::de::Visitor<'_> for Fields {
        type Value = usize;

        fn expecting(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
            f.write_str("a key")
        }

        fn visit_str<E>(self, key: &str) -> Result<usize, E> {
            Ok(self.0.iter().position(|known| *known == key).unwrap_or(usize::MAX))
        }
    }
}
