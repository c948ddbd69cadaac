//! anywire's own wire over TCP: its client. `docs/native-tcp.md` describes the wire.

use std::{
    collections::HashMap,
    fmt, io,
    pin::Pin,
    sync::Arc,
    task::{Context, Poll},
};

use bytes::{Bytes, BytesMut};
use foldhash::fast::FixedState;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};

use self::flow::{Credit, Inflow, Outflow, Sent, Taken};
use super::{
    Cut, Limits, TcpConnect, TcpListen,
    client::{Client, Shared, Wire},
    outbox::Outbox,
};
use crate::{
    Encoding, Payloads, Pending, Reply, Request, RpcException, Transport, TransportError,
    capability::{AtMostOnce, RequestReply, StreamsBoth, StreamsReplies, StreamsRequests},
    transport::{
        CallTable as _, ConnectionState,
        nest::calls::{Answer, Answers, CallId, Calls, GivenUp, SharedCalls},
        stream::Stream,
    },
    wire::{
        native::{
            FIRST_CREDIT, MAX_ROUTES, Malformed,
            frame::{self, Frame, Hello, Refusal, Route, To},
            inbox::{Frames, Inbox},
        },
        nest::packet,
    },
};

mod flow;
pub(super) mod server;

/// TCP on anywire's own wire: as a value a client's connection, as a type what
/// that wire can carry.
///
/// It speaks with anywire only. In return it carries streams both ways, ends
/// the handlers of calls that are given up, and costs less.
#[derive(Clone)]
pub struct NativeTcp(Arc<Client<Self>>);

impl NativeTcp {
    /// A connection to `host:port`, or `tls://host:port` for TLS: to be awaited
    /// or made [lazy](TcpConnect::lazy).
    ///
    /// ```no_run
    /// # async fn example() -> Result<(), anywire::TransportError> {
    /// use anywire::NativeTcp;
    ///
    /// let tcp = NativeTcp::connect("127.0.0.1:3001").await?;
    /// // let users = UsersClient::new(tcp);
    /// # Ok(()) }
    /// ```
    pub fn connect(address: impl Into<String>) -> TcpConnect<Self> {
        TcpConnect::new(address.into())
    }

    /// A listener as [`Tcp::listen`](super::Tcp::listen) makes it, for services
    /// that stream in ways that Nest's wire cannot carry.
    ///
    /// Peers on Nest's wire are served on it as well; one that calls an
    /// operation which takes a stream is told so.
    pub fn listen(address: impl Into<String>) -> TcpListen<Self> {
        TcpListen::new(address.into())
    }

    /// Whether there is a connection.
    #[must_use]
    pub fn state(&self) -> ConnectionState {
        self.0.state()
    }

    /// Waits until the connection is in this state, or closed. A lazy client
    /// connects when one waits for [`ConnectionState::Connected`].
    pub async fn until(&self, state: ConnectionState) {
        self.0.until(state).await;
    }

    /// Sends what is waiting, closes the connection, and waits until that is done.
    /// Calls without an answer fail as [`Closed`](crate::TransportError::Closed).
    pub async fn close(&self) {
        self.0.close().await;
    }
}

impl Transport for NativeTcp {
    fn start(&self, request: Request) -> Pending {
        self.0.start(request)
    }

    fn encoding(&self) -> Encoding {
        Encoding::Protobuf
    }
}

impl fmt::Debug for NativeTcp {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("NativeTcp").field(&self.0).finish()
    }
}

impl<Op> RequestReply<Op> for NativeTcp {}
impl<Op> AtMostOnce<Op> for NativeTcp {}
impl<Op> StreamsReplies<Op> for NativeTcp {}
impl<Op> StreamsRequests<Op> for NativeTcp {}
impl<Op> StreamsBoth<Op> for NativeTcp {}

impl Wire for NativeTcp {
    type Inbox = Inbox;
    type Known = Known;

    fn of(client: Arc<Client<Self>>) -> Self {
        Self(client)
    }

    fn calls(max: usize, outbox: &Arc<Outbox<Known>>) -> Arc<SharedCalls> {
        let server: Arc<Outbox<Known>> = Arc::clone(outbox);
        SharedCalls::with_peer(max, server)
    }

    async fn greet(shared: &Shared<Self>, stream: &mut Stream) -> io::Result<Inbox> {
        let max_frame = shared.limits.max_frame;
        let mut hello = BytesMut::new();
        frame::write_hello(&mut hello, Hello { max_frame });
        stream.write_all(&hello).await?;
        stream.flush().await?;
        let mut inbox = Inbox::new(max_frame);
        let hello = loop {
            if stream.read_buf(inbox.room()).await? == 0 {
                return Err(io::Error::other("it does not speak anywire's own wire"));
            }
            if let Some(hello) = inbox.frame().map_err(io::Error::other)? {
                break hello;
            }
        };
        let Frame::Hello(hello) = Frame::parse(&hello).map_err(io::Error::other)? else {
            return Err(io::Error::other(Malformed::Unexpected));
        };
        shared
            .outbox
            .known(|known| known.max_frame = hello.max_frame);
        Ok(inbox)
    }

    fn call(shared: &Arc<Shared<Self>>, mut request: Request) -> Result<Pending, TransportError> {
        let values = request.values.take();
        let window = window(&shared.limits);
        let max_stream = most_waiting(&shared.limits);
        let (id, answers) = shared.calls.open(&request, max_stream)?;
        let call = id.number();
        let upload = values.map(|values| (values, Credit::new()));
        let max_frame = shared.send(id, |frames, known| {
            known.write(frames, &request, Some(call), upload.is_some())?;
            if let Some((_, credit)) = &upload {
                known.uploads.insert(call, credit.clone());
            }
            Ok(known.max_frame)
        })?;
        let upload = upload.map(|(values, credit)| {
            let outflow = Outflow {
                outbox: Arc::clone(&shared.outbox),
                call,
                credit,
                max_unsent: shared.limits.max_unsent,
                max_frame,
            };
            let shared = Arc::clone(shared);
            Upload { shared, call }.send(outflow, values)
        });
        Ok(match (answers, upload) {
            (Answers::One(reply), None) => Pending::Call(reply),
            (Answers::One(reply), Some(upload)) => Pending::boxed(async {
                tokio::select! {
                    biased;
                    reply = reply => reply,
                    never = upload => match never {},
                }
            }),
            (Answers::Many(received), upload) => {
                let peer = Arc::clone(shared);
                let values = Inflow::new(received, peer, call, window);
                Pending::values(match upload {
                    None => Payloads::new(values),
                    Some(upload) => Payloads::new(Exchange {
                        values,
                        upload: Box::pin(upload),
                    }),
                })
            }
        })
    }

    fn write(
        frames: &mut BytesMut,
        known: &mut Known,
        request: &Request,
    ) -> Result<(), TransportError> {
        known.write(frames, request, None, false)
    }

    fn take_frames(shared: &Shared<Self>, inbox: &mut Inbox) -> Result<(), Cut> {
        // One lock for all the replies that arrived together.
        shared
            .calls
            .with(|calls| hand_out(shared, inbox.frames(), calls))
    }
}

/// Hands what has arrived to the calls that it is of.
fn hand_out(shared: &Shared<NativeTcp>, mut frames: Frames, calls: &mut Calls) -> Result<(), Cut> {
    let memory = frames.bytes.clone();
    while let Some(range) = frames.next() {
        let (call, item, is_last) = match Frame::parse(&memory[range])? {
            Frame::Reply { call, payload } => (call, Some(Ok(payload)), true),
            Frame::Value { call, payload } => (call, Some(Ok(payload)), false),
            Frame::End { call } => (call, None, true),
            Frame::Error { call, exception } => (call, Some(Err(failure(exception))), true),
            Frame::Refused { call, reason } => (
                call,
                Some(Err(Reply::Refused(shared.refused(reason)))),
                true,
            ),
            Frame::Credit { call, bytes } => {
                shared.with_upload(call, |credit| credit.add(bytes));
                continue;
            }
            Frame::Cancel { call } => {
                shared.with_upload(call, Credit::close);
                continue;
            }
            Frame::Goaway { reason } => {
                let reason = String::from_utf8_lossy(reason).into_owned();
                tracing::info!(
                    address = shared.address,
                    reason,
                    "the peer takes no more calls"
                );
                shared.refuse(reason);
                continue;
            }
            Frame::Hello(_) | Frame::Route { .. } | Frame::Request { .. } | Frame::Send(_) => {
                return Err(Malformed::Unexpected.into());
            }
        };
        calls.hand(CallId::of_number(call), Answer { item, is_last }, &memory);
    }
    frames.error.map_or(Ok(()), |error| Err(error.into()))
}

/// How many bytes of one stream are asked for before any of them are taken.
fn window(limits: &Limits) -> usize {
    limits.stream_window.max(FIRST_CREDIT)
}

/// How many can wait at most: the last value may be more than was asked for.
fn most_waiting(limits: &Limits) -> usize {
    window(limits).saturating_add(limits.max_frame)
}

/// What failed, as the peer said it.
fn failure(exception: &[u8]) -> Reply {
    let exception = RpcException::from_wire(exception);
    Reply::Error {
        retryable: exception.is_retryable(),
        exception,
    }
}

/// What the server knows once it has read what waits to be sent to it.
#[derive(Debug)]
pub(super) struct Known {
    /// The numbers of routes, by the place of their operation's facts.
    routes: HashMap<(usize, Encoding), usize, FixedState>,
    /// The streams that are sent to it, by their calls.
    uploads: HashMap<u64, Credit, FixedState>,
    /// The longest frame that it reads.
    max_frame: usize,
}

impl Default for Known {
    fn default() -> Self {
        Self {
            routes: HashMap::default(),
            uploads: HashMap::default(),
            max_frame: usize::MAX,
        }
    }
}

impl Known {
    fn write(
        &mut self,
        frames: &mut BytesMut,
        request: &Request,
        call: Option<u64>,
        streams: bool,
    ) -> Result<(), TransportError> {
        let headers = request.headers.iter();
        let headers = headers.map(|(name, value)| name.len() + value.len() + 20);
        let size = request.payload.len() + headers.sum::<usize>();
        frame::fits(size, self.max_frame)?;
        if let Some(number) = self.number(frames, request) {
            frame::write_message(frames, request, call, &To::Number(number), streams);
        } else {
            let route = Route {
                encoding: request.encoding,
                pattern: &packet::pattern(request),
            };
            frame::write_message(frames, request, call, &To::Named(route), streams);
        }
        Ok(())
    }

    /// The number of a request's route, which is given now if it has none yet.
    /// Routes that wildcards make many of have none.
    fn number(&mut self, frames: &mut BytesMut, request: &Request) -> Option<usize> {
        if request.route.is_some() {
            return None;
        }
        let key = (std::ptr::from_ref(request.meta).addr(), request.encoding);
        if let Some(number) = self.routes.get(&key) {
            return Some(*number);
        }
        let number = self.routes.len();
        if number == MAX_ROUTES {
            return None;
        }
        let route = Route {
            encoding: request.encoding,
            pattern: &packet::pattern(request),
        };
        frame::write_route(frames, &route, request.meta.fingerprint);
        self.routes.insert(key, number);
        Some(number)
    }
}

impl Shared<NativeTcp> {
    fn with_upload(&self, call: u64, with: impl FnOnce(&Credit)) {
        self.outbox
            .known(|known| known.uploads.get(&call).map(with));
    }

    fn refused(&self, reason: Refusal) -> TransportError {
        match reason {
            Refusal::NoHandler => TransportError::NoHandler,
            Refusal::Overloaded => {
                TransportError::Overloaded("the server has too many calls under way")
            }
            Refusal::Stopping => self.unreachable("the server is stopping".to_owned()),
            Refusal::Unknown => {
                TransportError::Protocol("it refused a call for a reason unknown here".to_owned())
            }
        }
    }
}

impl GivenUp for Shared<NativeTcp> {
    fn given_up(&self, call: u64) {
        self.calls.give_up(call);
    }
}

impl Taken for Shared<NativeTcp> {
    fn wanted(&self, call: u64, bytes: usize) {
        self.outbox.wanted(call, bytes);
    }
}

enum Never {}

/// A stream that is being sent. It is forgotten when that ends.
struct Upload {
    shared: Arc<Shared<NativeTcp>>,
    call: u64,
}

impl Upload {
    /// Sends the values for as long as it is polled. Never returns: the call is
    /// over when it is answered.
    async fn send(self, outflow: Outflow<Known>, values: Payloads) -> Never {
        let call = self.call;
        match outflow.send(values).await {
            Sent::Whole => self
                .shared
                .outbox
                .tell(|frames| frame::write_end(frames, call)),
            Sent::Failed(failure) => {
                let exception = failure.into_exception();
                let exception = exception.to_json();
                self.shared
                    .outbox
                    .tell(|frames| frame::write_error(frames, call, exception))
            }
            Sent::Unwanted => false,
        };
        std::future::pending().await
    }
}

impl Drop for Upload {
    fn drop(&mut self) {
        let known = |known: &mut Known| known.uploads.remove(&self.call);
        drop(self.shared.outbox.known(known));
    }
}

/// The values that come back while others are sent.
struct Exchange<U> {
    values: Inflow,
    upload: Pin<Box<U>>,
}

impl<U: Future<Output = Never>> futures_core::Stream for Exchange<U> {
    type Item = Result<Bytes, Reply>;

    fn poll_next(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        match self.upload.as_mut().poll(cx) {
            Poll::Ready(never) => match never {},
            Poll::Pending => Pin::new(&mut self.values).poll_next(cx),
        }
    }
}
