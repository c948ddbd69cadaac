//! The server's side as a tower service.

use std::{
    any::Any,
    convert::Infallible,
    fmt,
    future::Future,
    panic::{AssertUnwindSafe, catch_unwind},
    pin::Pin,
    sync::Arc,
    task::{Context, Poll},
};

use tower::{Layer, Service, ServiceExt as _};

use crate::{
    BoxError, BoxFuture, Dispatch, Reply, Request, RpcException,
    error::{Kind, layer_error},
};

/// A service whose type is forgotten: what layers wrap and transports call.
#[derive(Clone)]
pub struct BoxService(Arc<dyn Handle>);

/// One request in, one reply out. Not `tower::Service`, so that the path
/// without layers needs no clone and no readiness, and one box a request.
trait Handle: Send + Sync {
    fn handle(&self, request: Request) -> BoxFuture<Reply>;
}

impl BoxService {
    /// The service of a generated server or a subscriber.
    pub fn new(dispatch: impl Dispatch) -> Self {
        Self(Arc::new(Routed(dispatch)))
    }

    /// Wraps the service in a layer. Errors of the layer become replies: an
    /// overload or a timeout by its kind, any other as an internal failure.
    #[must_use]
    pub fn layer<L>(self, layer: &L) -> Self
    where
        L: Layer<Self>,
        L::Service: Service<Request, Response = Reply> + Clone + Send + Sync + 'static,
        <L::Service as Service<Request>>::Error: Into<BoxError>,
        <L::Service as Service<Request>>::Future: Send,
    {
        Self(Arc::new(Layered(layer.layer(self))))
    }

    /// Serves one request. The reply's future is driven by whoever holds it.
    #[must_use]
    pub fn handle(&self, request: Request) -> ReplyFuture {
        ReplyFuture(self.0.handle(request))
    }
}

impl fmt::Debug for BoxService {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("BoxService")
    }
}

impl Service<Request> for BoxService {
    type Response = Reply;
    type Error = Infallible;
    type Future = ReplyFuture;

    fn poll_ready(&mut self, _: &mut Context<'_>) -> Poll<Result<(), Infallible>> {
        Poll::Ready(Ok(()))
    }

    fn call(&mut self, request: Request) -> ReplyFuture {
        self.handle(request)
    }
}

/// The reply of a [`BoxService`]. A handler that panics answers as one that
/// failed: nobody else's request is lost with it.
pub struct ReplyFuture(BoxFuture<Reply>);

impl Future for ReplyFuture {
    type Output = Result<Reply, Infallible>;

    fn poll(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Self::Output> {
        let future = self.0.as_mut();
        catch_unwind(AssertUnwindSafe(|| future.poll(cx)))
            .unwrap_or_else(|panic| Poll::Ready(panicked(&*panic)))
            .map(Ok)
    }
}

impl fmt::Debug for ReplyFuture {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("ReplyFuture")
    }
}

#[cold]
pub(crate) fn panicked(panic: &(dyn Any + Send)) -> Reply {
    let text = panic.downcast_ref::<&str>().copied();
    let text = text.or_else(|| panic.downcast_ref::<String>().map(String::as_str));
    tracing::error!(panic = text.unwrap_or("not a text"), "a handler panicked");
    Reply::Error {
        exception: RpcException::internal(),
        retryable: true,
    }
}

struct Routed<D>(D);

impl<D: Dispatch> Handle for Routed<D> {
    fn handle(&self, request: Request) -> BoxFuture<Reply> {
        match request.deadline {
            Some(deadline) if request.meta.streams.replies() => {
                let reply = self.0.dispatch(request.operation, request);
                Box::pin(async move {
                    match reply.await {
                        Reply::Values(values) => Reply::Values(values.until(deadline)),
                        reply => reply,
                    }
                })
            }
            _ => self.0.dispatch(request.operation, request),
        }
    }
}

struct Layered<S>(S);

impl<S> Handle for Layered<S>
where
    S: Service<Request, Response = Reply> + Clone + Send + Sync + 'static,
    S::Error: Into<BoxError>,
    S::Future: Send,
{
    fn handle(&self, request: Request) -> BoxFuture<Reply> {
        let service = self.0.clone();
        Box::pin(async move {
            service
                .oneshot(request)
                .await
                .unwrap_or_else(|error| refused(error.into()))
        })
    }
}

fn refused(error: BoxError) -> Reply {
    match layer_error(&error) {
        Some((kind, message)) => Reply::Error {
            exception: RpcException::of_kind(kind, message),
            retryable: true,
        },
        None => failed(&error),
    }
}

/// The reply to an undeclared failure. The cause is logged here and never sent.
#[cold]
pub(crate) fn failed(cause: &BoxError) -> Reply {
    tracing::error!(
        cause = &**cause as &dyn std::error::Error,
        "a handler failed"
    );
    Reply::Error {
        exception: RpcException::internal(),
        retryable: true,
    }
}

/// The reply to work that nobody waits for any more.
#[cold]
pub(crate) fn expired() -> Reply {
    let message = "the caller's time was over before the work began";
    Reply::Error {
        exception: RpcException::of_kind(Kind::Deadline, message),
        retryable: false,
    }
}
