//! A call over HTTP/2: a request up, its answer down.

use std::{
    pin::Pin,
    sync::Arc,
    task::{Context, Poll, Waker, ready},
};

use bytes::Bytes;
use h2::{Reason, RecvStream, SendStream, client::ResponseFuture};
use http::{HeaderValue, Request, Response, header::USER_AGENT};
use http_body::{Body as _, Frame};
use tokio_util::task::AbortOnDropHandle;
use tonic::body::Body;
use tower::Service;

use super::connection::Sender;

static AGENT: HeaderValue =
    HeaderValue::from_static(concat!("anywire/", env!("CARGO_PKG_VERSION")));

/// What tonic sends a call with.
pub(super) struct Exchange(pub(super) Sender);

impl Service<Request<Body>> for Exchange {
    type Response = Response<Answer>;
    type Error = h2::Error;
    type Future = Answering;

    fn poll_ready(&mut self, _: &mut Context<'_>) -> Poll<Result<(), h2::Error>> {
        Poll::Ready(Ok(()))
    }

    fn call(&mut self, request: Request<Body>) -> Answering {
        let (mut head, body) = request.into_parts();
        head.headers.insert(USER_AGENT, AGENT.clone());
        let head = Request::from_parts(head, ());
        match self.0.http.send_request(head, false) {
            Ok((response, stream)) => Answering::Sent {
                response,
                under_way: Some(UnderWay {
                    _upload: Upload::start(body, stream),
                    _call: self.0.calls.upgrade(),
                }),
            },
            Err(error) => Answering::Failed(Some(error)),
        }
    }
}

/// What ends when a call does.
pub(super) struct UnderWay {
    _upload: Option<AbortOnDropHandle<()>>,
    /// It is counted as long as this is held.
    _call: Option<Arc<()>>,
}

/// The head of an answer that is waited for.
pub(super) enum Answering {
    Sent {
        response: ResponseFuture,
        under_way: Option<UnderWay>,
    },
    Failed(Option<h2::Error>),
}

impl Future for Answering {
    type Output = Result<Response<Answer>, h2::Error>;

    fn poll(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Self::Output> {
        match self.get_mut() {
            Self::Sent {
                response,
                under_way,
            } => {
                let response = ready!(Pin::new(response).poll(cx))?;
                Poll::Ready(Ok(response.map(|stream| Answer {
                    stream,
                    is_read: false,
                    _under_way: under_way.take(),
                })))
            }
            Self::Failed(error) => match error.take() {
                Some(error) => Poll::Ready(Err(error)),
                // As every future that is polled after it was ready.
                None => Poll::Pending,
            },
        }
    }
}

/// An answer, whose head is there. Dropped before its end, it gives the call up.
pub(super) struct Answer {
    stream: RecvStream,
    /// Whether nothing but the trailers is left.
    is_read: bool,
    _under_way: Option<UnderWay>,
}

impl http_body::Body for Answer {
    type Data = Bytes;
    type Error = h2::Error;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, h2::Error>>> {
        if !self.is_read {
            if let Some(data) = ready!(self.stream.poll_data(cx)?) {
                // An error means that there is nothing more to make room for.
                let _ = self.stream.flow_control().release_capacity(data.len());
                return Poll::Ready(Some(Ok(Frame::data(data))));
            }
            self.is_read = true;
        }
        let trailers = ready!(self.stream.poll_trailers(cx)?);
        Poll::Ready(trailers.map(|trailers| Ok(Frame::trailers(trailers))))
    }
}

/// What is still to be sent. Dropped before its end, it resets the stream of
/// HTTP/2: what came so far must not look like all of it.
struct Upload {
    body: Body,
    stream: SendStream<Bytes>,
    /// What comes next, if that is known already.
    next: Option<Bytes>,
    has_begun: bool,
}

impl Upload {
    /// Sends what is there, and the rest as it comes.
    fn start(body: Body, stream: SendStream<Bytes>) -> Option<AbortOnDropHandle<()>> {
        let mut upload = Self {
            body,
            stream,
            next: None,
            has_begun: false,
        };
        // Most calls send one value and are done with it.
        let mut cx = Context::from_waker(Waker::noop());
        let is_sent = Pin::new(&mut upload).poll(&mut cx).is_ready();
        (!is_sent).then(|| AbortOnDropHandle::new(tokio::spawn(upload)))
    }

    /// The next piece of the body; `None` at its end.
    fn poll_body(&mut self, cx: &mut Context<'_>) -> Poll<Option<Result<Bytes, tonic::Status>>> {
        if let Some(next) = self.next.take() {
            return Poll::Ready(Some(Ok(next)));
        }
        // A client has no trailers.
        Pin::new(&mut self.body)
            .poll_frame(cx)
            .map_ok(|frame| frame.into_data().unwrap_or_default())
    }

    fn break_off(&mut self) -> Poll<()> {
        self.stream.send_reset(Reason::CANCEL);
        Poll::Ready(())
    }

    /// Waits until the other side takes more. An error says that it never will.
    fn poll_room(&mut self, cx: &mut Context<'_>) -> Poll<Result<(), ()>> {
        if self.stream.poll_reset(cx).is_ready() {
            return Poll::Ready(Err(()));
        }
        self.stream.reserve_capacity(1);
        while self.stream.capacity() == 0 {
            match ready!(self.stream.poll_capacity(cx)) {
                Some(Ok(_)) => {}
                Some(Err(_)) | None => return Poll::Ready(Err(())),
            }
        }
        Poll::Ready(Ok(()))
    }
}

impl Future for Upload {
    type Output = ();

    fn poll(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<()> {
        let upload = &mut *self;
        while let Some(piece) = ready!(upload.poll_body(cx)) {
            let Ok(piece) = piece else {
                return upload.break_off();
            };
            // There is always room for the first.
            if upload.has_begun {
                match upload.poll_room(cx) {
                    Poll::Ready(Ok(())) => {}
                    Poll::Ready(Err(())) => return Poll::Ready(()),
                    Poll::Pending => {
                        upload.next = Some(piece);
                        return Poll::Pending;
                    }
                }
            }
            upload.has_begun = true;
            let is_last = match upload.poll_body(cx) {
                Poll::Ready(Some(Ok(next))) => {
                    upload.next = Some(next);
                    false
                }
                Poll::Ready(Some(Err(_))) => return upload.break_off(),
                Poll::Ready(None) => true,
                Poll::Pending => false,
            };
            // An error says that the other side wants no more.
            if upload.stream.send_data(piece, is_last).is_err() || is_last {
                return Poll::Ready(());
            }
        }
        let _ = upload.stream.send_data(Bytes::new(), true);
        Poll::Ready(())
    }
}
