//! The client's side: one connection, made again when it breaks.

use std::{
    fmt,
    future::IntoFuture,
    io,
    sync::{Arc, Mutex, PoisonError},
    task::{Context, Poll, ready},
    time::{Duration, Instant},
};

use bytes::BytesMut;
use tokio::{
    io::{AsyncRead, AsyncWrite},
    net::TcpStream,
    sync::{Notify, oneshot, watch},
    task::JoinHandle,
};

use super::{Limits, Tcp, connection::Cut, link::Link, outbox::Outbox};
use crate::{
    BoxFuture, OperationKind, Pending, Request, TransportError,
    backoff::Backoff,
    transport::nest::calls::{CallId, SharedCalls},
    wire::nest::{frame, packet::ReplyPacket},
};

/// How many calls a client has under way for each that a server would run.
const CALLS_PER_IN_FLIGHT: usize = 64;

/// A connection to be made: await it, or make it [lazy](Self::lazy).
#[must_use = "nothing is connected until it is awaited"]
#[derive(Debug)]
pub struct TcpConnect {
    address: String,
    limits: Limits,
    connect_timeout: Duration,
    backoff: Backoff,
}

impl TcpConnect {
    pub(super) fn new(address: String) -> Self {
        Self {
            address,
            limits: Limits::default(),
            connect_timeout: Duration::from_secs(5),
            backoff: Backoff::default(),
        }
    }

    /// Changes the limits.
    pub fn limits(mut self, change: impl FnOnce(&mut Limits)) -> Self {
        change(&mut self.limits);
        self
    }

    /// How long one attempt to connect may take: 5 seconds unless set.
    pub fn connect_timeout(mut self, timeout: Duration) -> Self {
        self.connect_timeout = timeout;
        self
    }

    /// The pause after a failed attempt, which doubles up to `longest`, less up
    /// to half at random: 50 ms and 1 s unless set. Calls fail at once meanwhile.
    pub fn backoff(mut self, first: Duration, longest: Duration) -> Self {
        self.backoff = Backoff { first, longest };
        self
    }

    /// Connects when the first call is made, for services that start in any
    /// order. Calls made before the connection stands wait for the first attempt.
    ///
    /// Must be called in a tokio runtime, as everything that connects.
    #[must_use]
    pub fn lazy(self) -> Tcp {
        let (state, _) = watch::channel(State::Idle);
        let shared = Arc::new(Shared {
            address: self.address,
            outbox: Arc::default(),
            calls: SharedCalls::new(
                self.limits
                    .max_in_flight
                    .saturating_mul(CALLS_PER_IN_FLIGHT),
            ),
            wanted: Notify::new(),
            max_unsent: self.limits.max_unsent,
            state,
        });
        let (close, closing) = watch::channel(false);
        let driver = Driver {
            shared: Arc::clone(&shared),
            limits: self.limits,
            timeout: self.connect_timeout,
            closing,
        };
        let task = tokio::spawn(async move {
            let shared = Arc::clone(&driver.shared);
            tokio::select! {
                () = driver.run(self.backoff) => {}
                () = shared.calls.keep_time() => {}
            }
        });
        Tcp(Arc::new(Client {
            shared,
            close,
            task: Mutex::new(Some(task)),
        }))
    }
}

/// Connects, and fails if the first attempt does.
impl IntoFuture for TcpConnect {
    type Output = Result<Tcp, TransportError>;
    type IntoFuture = BoxFuture<Self::Output>;

    fn into_future(self) -> Self::IntoFuture {
        Box::pin(async move {
            let tcp = self.lazy();
            tcp.0.shared.connect();
            let mut states = tcp.0.shared.state.subscribe();
            // The sender is in `tcp`, so that this cannot fail before the state is known.
            let first = states
                .wait_for(|state| !matches!(state, State::Connecting))
                .await
                .map(|state| state.clone());
            match first {
                Ok(State::Failed(error)) => Err(error),
                _ => Ok(tcp),
            }
        })
    }
}

/// What the handles of one connection share. Dropping the last one closes it.
pub(super) struct Client {
    shared: Arc<Shared>,
    close: watch::Sender<bool>,
    task: Mutex<Option<JoinHandle<()>>>,
}

struct Shared {
    address: String,
    outbox: Arc<Outbox>,
    calls: SharedCalls,
    /// Somebody wants the connection for the first time.
    wanted: Notify,
    max_unsent: usize,
    state: watch::Sender<State>,
}

#[derive(Debug, Clone)]
enum State {
    /// Nobody has used it yet.
    Idle,
    /// The first attempt is under way.
    Connecting,
    Connected,
    /// The last attempt failed, and why.
    Failed(TransportError),
    Closed,
}

impl Client {
    pub(super) fn address(&self) -> &str {
        &self.shared.address
    }

    pub(super) fn start(&self, request: &Request) -> Pending {
        let shared = &self.shared;
        let is_idle = match &*shared.state.borrow() {
            State::Connecting | State::Connected => false,
            State::Idle => true,
            State::Failed(error) => return Pending::Refused(error.clone()),
            State::Closed => return Pending::Refused(TransportError::Closed),
        };
        if is_idle {
            shared.connect();
        }
        if request.values.is_some() {
            return Pending::Refused(TransportError::NotCarried(
                "Nest's wire takes one value for a request, not a stream".to_owned(),
            ));
        }
        if request.meta.kind == OperationKind::Message {
            return match shared.calls.begin(request) {
                Ok((id, pending)) => match shared.send(request, id) {
                    Ok(()) => pending,
                    Err(error) => Pending::Refused(error),
                },
                Err(error) => Pending::Refused(error),
            };
        }
        let (sender, receiver) = oneshot::channel();
        let write = |frames: &mut BytesMut| frame::write_request(frames, request, "");
        match shared
            .outbox
            .try_push(shared.max_unsent, Some(sender), write)
        {
            Ok(()) => Pending::Slot(receiver),
            Err(error) => Pending::Refused(error),
        }
    }

    pub(super) async fn close(&self) {
        // An error means that the driver has ended already.
        let _ = self.close.send(true);
        let task = self
            .task
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .take();
        if let Some(task) = task {
            // It does not panic, and nobody else cancels it.
            let _ = task.await;
        }
    }
}

impl Shared {
    /// Sends a request whose call has its slot, or frees that again.
    fn send(&self, request: &Request, id: CallId) -> Result<(), TransportError> {
        let text = id.text();
        let text = str::from_utf8(&text).unwrap_or_default();
        let write = |frames: &mut BytesMut| frame::write_request(frames, request, text);
        self.outbox
            .try_push(self.max_unsent, None, write)
            .inspect_err(|_| self.calls.lock().remove(id))
    }

    /// Makes the first attempt to connect, unless that was asked for before.
    fn connect(&self) {
        let is_first = self.state.send_if_modified(|state| {
            let is_idle = matches!(state, State::Idle);
            if is_idle {
                *state = State::Connecting;
            }
            is_idle
        });
        if is_first {
            self.wanted.notify_one();
        }
    }

    /// Fails all that is under way. Nothing is ever sent again: whether the
    /// peer has done the work, nobody knows.
    fn fail(&self, state: State) {
        let is_closed = !matches!(state, State::Connecting);
        self.state.send_replace(state);
        self.outbox.clear(is_closed);
        self.calls.lock().clear();
    }
}

/// The task that owns the connection.
struct Driver {
    shared: Arc<Shared>,
    limits: Limits,
    timeout: Duration,
    closing: watch::Receiver<bool>,
}

impl Driver {
    async fn run(mut self, backoff: Backoff) {
        tokio::select! {
            () = self.shared.wanted.notified() => {}
            () = closed(&mut self.closing) => return self.shared.fail(State::Closed),
        }
        let mut attempt = 0;
        loop {
            let connected = tokio::select! {
                connected = connect(&self.shared.address, self.timeout) => connected,
                () = closed(&mut self.closing) => break,
            };
            match connected {
                Ok(stream) => {
                    self.shared.outbox.reopen();
                    self.shared.state.send_replace(State::Connected);
                    let since = Instant::now();
                    let Err(cut) = self.drive(stream).await else {
                        break;
                    };
                    tracing::warn!(address = self.shared.address, %cut, "the connection is lost");
                    // Calls made from here on wait for the next attempt.
                    self.shared.fail(State::Connecting);
                    // A peer that accepts only to close must not be tried again and again without a pause.
                    if since.elapsed() > backoff.longest {
                        attempt = 0;
                    }
                }
                Err(error) => {
                    let reason = error.to_string();
                    let address = self.shared.address.clone();
                    self.shared.fail(State::Failed(TransportError::Unreachable {
                        address,
                        reason,
                    }));
                }
            }
            tokio::select! {
                () = tokio::time::sleep(backoff.pause(attempt)) => {}
                () = closed(&mut self.closing) => break,
            }
            attempt += 1;
        }
        self.shared.fail(State::Closed);
    }

    /// Sends and receives until the connection breaks, or is to be closed.
    async fn drive(&mut self, stream: TcpStream) -> Result<(), Cut> {
        let mut connection = Connection {
            link: Link::new(stream, Arc::clone(&self.shared.outbox), &self.limits),
            shared: Arc::clone(&self.shared),
            is_open: true,
        };
        let mut closing = std::pin::pin!(closed(&mut self.closing));
        std::future::poll_fn(|cx| {
            if connection.is_open && closing.as_mut().poll(cx).is_ready() {
                connection.is_open = false;
            }
            connection.poll(cx)
        })
        .await
    }
}

async fn connect(address: &str, timeout: Duration) -> io::Result<TcpStream> {
    let connect = TcpStream::connect(address);
    let stream = tokio::time::timeout(timeout, connect)
        .await
        .map_err(|_| io::ErrorKind::TimedOut)??;
    // Batches are written whole, so that there is nothing to wait for.
    stream.set_nodelay(true)?;
    Ok(stream)
}

/// Waits until the connection is to be closed, or nobody holds it any more.
async fn closed(closing: &mut watch::Receiver<bool>) {
    // An error means that the last handle is gone.
    let _ = closing.wait_for(|closing| *closing).await;
}

struct Connection<S> {
    link: Link<S>,
    shared: Arc<Shared>,
    is_open: bool,
}

impl<S: AsyncRead + AsyncWrite + Unpin> Connection<S> {
    fn poll(&mut self, cx: &mut Context<'_>) -> Poll<Result<(), Cut>> {
        let others = self.shared.calls.lock().len() > 1;
        ready!(self.link.poll_gather(others, cx));
        loop {
            let is_sent = self.link.poll_send(cx)?.is_ready();
            if self.link.poll_stalled(true, cx).is_ready() {
                return Poll::Ready(Err(Cut::Stalled));
            }
            if !self.is_open && is_sent {
                return self.link.poll_close(cx).map_err(Cut::Io);
            }
            match self.link.poll_receive(cx)? {
                Poll::Pending => return Poll::Pending,
                Poll::Ready(0) => {
                    return Poll::Ready(Err(Cut::Io(io::ErrorKind::UnexpectedEof.into())));
                }
                Poll::Ready(_) => self.take_frames()?,
            }
        }
    }

    fn take_frames(&mut self) -> Result<(), Cut> {
        let frames = self.link.inbox.frames();
        // One lock for all the replies that arrived together.
        let mut calls = self.shared.calls.lock();
        for range in &frames.ranges {
            calls.answer(
                &ReplyPacket::parse(&frames.bytes[range.clone()])?,
                &frames.bytes,
            );
        }
        drop(calls);
        if let Some(error) = frames.error {
            return Err(error.into());
        }
        self.link.inbox.reuse(frames);
        Ok(())
    }
}

impl fmt::Debug for Client {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Client")
            .field("address", &self.shared.address)
            .finish_non_exhaustive()
    }
}
