//! A call over HTTP/2: a request up, its answer down.

use std::{
    pin::Pin,
    task::{Context, Poll, Waker, ready},
};

use bytes::Bytes;
use h2::{
    Reason, RecvStream, SendStream,
    client::{ResponseFuture, SendRequest},
};
use http::{HeaderValue, Request, Response, header::USER_AGENT};
use http_body::{Body as _, Frame};
use tokio_util::task::AbortOnDropHandle;
use tonic::body::Body;
use tower::Service;

use super::{connection::Sender, room::Place};

static AGENT: HeaderValue =
    HeaderValue::from_static(concat!("anywire/", env!("CARGO_PKG_VERSION")));

/// What tonic sends a call with: one, for which there is room.
pub(super) struct Exchange {
    http: SendRequest<Bytes>,
    place: Option<Place>,
}

impl Exchange {
    /// Waits until the server takes a call more; `None` when it takes no more at all.
    pub(super) async fn ready(sender: Sender) -> Option<Self> {
        let Sender { http, room } = sender;
        let place = Some(room.take().await?);
        Some(Self { http, place })
    }
}

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
        match self.http.send_request(head, false) {
            Ok((response, stream)) => Answering::Sent {
                response,
                under_way: Some(UnderWay {
                    _upload: Upload::start(body, stream),
                    _place: self.place.take(),
                }),
            },
            Err(error) => Answering::Failed(Some(error)),
        }
    }
}

/// What ends when a call does.
pub(super) struct UnderWay {
    _upload: Option<AbortOnDropHandle<()>>,
    _place: Option<Place>,
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
                // Nobody asks again.
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
    is_over: bool,
}

impl Upload {
    /// Sends what is there, and the rest as it comes.
    fn start(body: Body, stream: SendStream<Bytes>) -> Option<AbortOnDropHandle<()>> {
        let mut upload = Self {
            body,
            stream,
            next: None,
            has_begun: false,
            is_over: false,
        };
        // Most calls send one value and are done with it.
        let mut cx = Context::from_waker(Waker::noop());
        let is_sent = Pin::new(&mut upload).poll(&mut cx).is_ready();
        (!is_sent).then(|| AbortOnDropHandle::new(tokio::spawn(upload)))
    }

    /// The next piece of the body; `None` at its end. An error says that there
    /// will be no end, or that the other side wants none.
    fn poll_piece(&mut self, cx: &mut Context<'_>) -> Poll<Result<Option<Bytes>, Broken>> {
        if let Some(next) = self.next.take() {
            return Poll::Ready(Ok(Some(next)));
        }
        let Poll::Ready(frame) = Pin::new(&mut self.body).poll_frame(cx) else {
            // The body may wait for ever.
            return self.stream.poll_reset(cx).map(|_| Err(Broken));
        };
        // A client has no trailers.
        let piece = frame.map(|frame| frame.map(|frame| frame.into_data().unwrap_or_default()));
        Poll::Ready(piece.transpose().map_err(|_| Broken))
    }

    /// Waits until the other side takes more.
    fn poll_room(&mut self, cx: &mut Context<'_>) -> Poll<Result<(), Broken>> {
        if self.stream.poll_reset(cx).is_ready() {
            return Poll::Ready(Err(Broken));
        }
        self.stream.reserve_capacity(1);
        while self.stream.capacity() == 0 {
            match ready!(self.stream.poll_capacity(cx)) {
                Some(Ok(_)) => {}
                Some(Err(_)) | None => return Poll::Ready(Err(Broken)),
            }
        }
        Poll::Ready(Ok(()))
    }

    fn send(&mut self, piece: Bytes, is_last: bool) -> Result<(), Broken> {
        self.stream.send_data(piece, is_last).map_err(|_| Broken)?;
        self.is_over = is_last;
        Ok(())
    }

    fn poll_send(&mut self, cx: &mut Context<'_>) -> Poll<Result<(), Broken>> {
        while let Some(piece) = ready!(self.poll_piece(cx)?) {
            // There is always room for the first.
            if self.has_begun && self.poll_room(cx)?.is_pending() {
                self.next = Some(piece);
                return Poll::Pending;
            }
            self.has_begun = true;
            match self.poll_piece(cx)? {
                Poll::Ready(None) => return Poll::Ready(self.send(piece, true)),
                Poll::Ready(next) => self.next = next,
                Poll::Pending => {}
            }
            self.send(piece, false)?;
        }
        Poll::Ready(self.send(Bytes::new(), true))
    }
}

/// An upload does not come to its end.
struct Broken;

impl Future for Upload {
    type Output = ();

    fn poll(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<()> {
        // Whoever broke it off knows.
        self.poll_send(cx).map(drop)
    }
}

impl Drop for Upload {
    fn drop(&mut self) {
        if !self.is_over {
            // It is a cancellation, but tonic's servers take CANCEL for the end.
            self.stream.send_reset(Reason::INTERNAL_ERROR);
        }
    }
}
