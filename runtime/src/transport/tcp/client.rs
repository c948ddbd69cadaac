//! The client's side: one connection, made again when it breaks, on either wire.

use std::{
    fmt,
    future::IntoFuture,
    io,
    marker::PhantomData,
    sync::Arc,
    task::{Context, Poll, ready},
    time::Duration,
};

use bytes::BytesMut;
use tokio::{
    io::{AsyncRead, AsyncWrite},
    net::TcpStream,
    sync::oneshot,
};

use super::{
    Cut, Limits, Tcp,
    link::{self, Inbox, Link},
    outbox::Outbox,
    tls,
};
use crate::{
    BoxFuture, OperationKind, Pending, Request, Stop, TransportError,
    backoff::Backoff,
    transport::{
        ConnectionState,
        nest::calls::{CallId, SharedCalls},
        reconnect::{self, Connection, Connector, End, State},
        socket,
        stream::Stream,
        task::ClientTask,
    },
};

/// How many calls a client has under way for each that a server would run.
pub(super) const CALLS_PER_IN_FLIGHT: usize = 64;

/// What differs between the wires, for a client.
pub(super) trait Wire: Sized + Send + Sync + 'static {
    type Inbox: Inbox + Send;
    /// What goes with the frames that wait: what the peer will know when it has read them.
    type Known: Default + fmt::Debug + Send;

    /// The handle that users hold.
    fn of(client: Arc<Client<Self>>) -> Self;

    /// The calls of a client, of which no more than `max` are under way at a time.
    fn calls(max: usize, outbox: &Arc<Outbox<Self::Known>>) -> Arc<SharedCalls>;

    /// Says and hears what comes before the first frame.
    fn greet(
        shared: &Shared<Self>,
        stream: &mut Stream,
    ) -> impl Future<Output = io::Result<Self::Inbox>> + Send;

    /// Begins a call that is answered.
    fn call(shared: &Arc<Shared<Self>>, request: Request) -> Result<Pending, TransportError>;

    /// Writes a message that is not.
    fn write(
        frames: &mut BytesMut,
        known: &mut Self::Known,
        request: &Request,
    ) -> Result<(), TransportError>;

    /// Hands what has arrived to the calls.
    fn take_frames(shared: &Shared<Self>, inbox: &mut Self::Inbox) -> Result<(), Cut>;
}

/// A connection to be made: await it, or make it [lazy](Self::lazy).
///
/// `T` is the client that comes of it: [`Tcp`] on Nest's wire, or
/// [`NativeTcp`](super::NativeTcp) on anywire's own.
#[must_use = "nothing is connected until it is awaited"]
#[derive(Debug)]
pub struct TcpConnect<T = Tcp> {
    address: String,
    pub(super) tls: Option<tls::Connector>,
    limits: Limits,
    connect_timeout: Duration,
    backoff: Backoff,
    client: PhantomData<fn() -> T>,
}

impl<T> TcpConnect<T> {
    pub(super) fn new(address: String) -> Self {
        let (address, tls) = match address.strip_prefix("tls://") {
            Some(address) => (address.to_owned(), Some(tls::Connector::default())),
            None => (address, None),
        };
        Self {
            address,
            tls,
            limits: Limits::default(),
            connect_timeout: Duration::from_secs(5),
            backoff: Backoff::default(),
            client: PhantomData,
        }
    }

    /// Changes the limits.
    pub fn limits(mut self, change: impl FnOnce(&mut Limits)) -> Self {
        change(&mut self.limits);
        self
    }

    /// How long one attempt to connect may take, with the handshake of TLS: 5
    /// seconds unless set.
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
}

#[expect(private_bounds, reason = "there are these two wires and no others")]
impl<T: Wire> TcpConnect<T> {
    /// Connects when the first call is made, for services that start in any
    /// order. Calls made before the connection stands wait for the first attempt.
    ///
    /// Must be called in a tokio runtime, as everything that connects.
    #[must_use]
    pub fn lazy(self) -> T {
        T::of(self.client())
    }

    fn client(self) -> Arc<Client<T>> {
        let outbox = Arc::default();
        let max_calls = self
            .limits
            .max_in_flight
            .saturating_mul(CALLS_PER_IN_FLIGHT);
        let shared = Arc::new(Shared {
            address: self.address,
            calls: T::calls(max_calls, &outbox),
            outbox,
            connection: Connection::new(),
            limits: self.limits,
        });
        let of_task = Arc::clone(&shared);
        let task = ClientTask::spawn(|stop| async move {
            let shared = Arc::clone(&of_task);
            let mut driver = Driver {
                shared: of_task,
                tls: self.tls,
                timeout: self.connect_timeout,
            };
            tokio::select! {
                () = reconnect::keep_up(&mut driver, self.backoff, stop) => {}
                () = shared.calls.keep_time() => {}
            }
        });
        Arc::new(Client { shared, task })
    }
}

/// Connects, and fails if the first attempt does.
impl<T: Wire> IntoFuture for TcpConnect<T> {
    type Output = Result<T, TransportError>;
    type IntoFuture = BoxFuture<Self::Output>;

    fn into_future(self) -> Self::IntoFuture {
        Box::pin(async move {
            let client = self.client();
            client.shared.connection.connected().await?;
            Ok(T::of(client))
        })
    }
}

/// What the handles of one connection share. Dropping the last one closes it.
pub(super) struct Client<W: Wire> {
    shared: Arc<Shared<W>>,
    task: ClientTask,
}

pub(super) struct Shared<W: Wire> {
    pub(super) address: String,
    pub(super) outbox: Arc<Outbox<W::Known>>,
    pub(super) calls: Arc<SharedCalls>,
    connection: Connection,
    pub(super) limits: Limits,
}

impl<W: Wire> Client<W> {
    pub(super) fn state(&self) -> ConnectionState {
        self.shared.connection.state()
    }

    pub(super) async fn until(&self, wanted: ConnectionState) {
        self.shared.connection.until(wanted).await;
    }

    pub(super) fn start(&self, request: Request) -> Pending {
        let shared = &self.shared;
        // What is written before it stands waits for it.
        if let Err(error) = shared.connection.handle() {
            return Pending::Refused(error);
        }
        let begun = if request.meta.kind == OperationKind::Message {
            W::call(shared, request)
        } else {
            let (sender, receiver) = oneshot::channel();
            let write = |frames: &mut _, known: &mut _| W::write(frames, known, &request);
            shared
                .outbox
                .try_push(shared.limits.max_unsent, Some(sender), write)
                .map(|()| Pending::Slot(receiver))
        };
        begun.unwrap_or_else(Pending::Refused)
    }

    pub(super) async fn close(&self) {
        self.task.close().await;
    }
}

impl<W: Wire> Shared<W> {
    /// Sends a request whose call has its slot, or frees that again.
    pub(super) fn send<R>(
        &self,
        id: CallId,
        write: impl FnOnce(&mut BytesMut, &mut W::Known) -> Result<R, TransportError>,
    ) -> Result<R, TransportError> {
        self.outbox
            .try_push(self.limits.max_unsent, None, write)
            .inspect_err(|_| self.calls.remove(id))
    }

    /// Refuses calls from now on, while those under way go on.
    pub(super) fn refuse(&self, reason: String) {
        self.connection.set(State::Failed(self.unreachable(reason)));
    }

    pub(super) fn unreachable(&self, reason: String) -> TransportError {
        TransportError::Unreachable {
            address: self.address.clone(),
            reason,
        }
    }

    /// Fails all that is under way. Nothing is ever sent again: whether the
    /// peer has done the work, nobody knows.
    fn fail(&self, state: State) {
        let is_closed = !matches!(state, State::Connecting);
        let error = match &state {
            State::Failed(error) => error.clone(),
            _ => TransportError::Closed,
        };
        self.connection.set(state);
        self.outbox.clear(is_closed, &error);
        self.calls.refuse_all(&error);
    }
}

/// What the connection's task makes it with.
struct Driver<W: Wire> {
    shared: Arc<Shared<W>>,
    tls: Option<tls::Connector>,
    timeout: Duration,
}

impl<W: Wire> Connector for Driver<W> {
    type Made = (Stream, W::Inbox);
    type Handle = ();

    fn connection(&self) -> &Connection {
        &self.shared.connection
    }

    async fn connect(&mut self) -> Result<Self::Made, TransportError> {
        connect(&self.shared, self.tls.as_ref(), self.timeout)
            .await
            .map_err(|error| self.shared.unreachable(error.to_string()))
    }

    async fn carry(&mut self, (stream, inbox): Self::Made, stop: &mut Stop) -> End {
        let shared = &self.shared;
        shared.outbox.reopen();
        shared.connection.set(State::Connected(()));
        let mut open = Open::<_, W> {
            link: Link::new(stream, inbox, Arc::clone(&shared.outbox), &shared.limits),
            shared: Arc::clone(shared),
        };
        let carried =
            link::poll_until(stop.requested(), |is_closing, cx| open.poll(is_closing, cx)).await;
        let Err(cut) = carried else {
            return End::Closed;
        };
        tracing::warn!(address = shared.address, %cut, "the connection is lost");
        End::Lost(tls::refusal(&cut).map(|reason| shared.unreachable(reason)))
    }

    fn set(&mut self, state: State) {
        self.shared.fail(state);
    }
}

async fn connect<W: Wire>(
    shared: &Shared<W>,
    tls: Option<&tls::Connector>,
    timeout: Duration,
) -> io::Result<(Stream, W::Inbox)> {
    let connect = async {
        let stream = TcpStream::connect(&shared.address).await?;
        let limits = &shared.limits;
        socket::prepare(&stream, limits.keep_alive, limits.stall_timeout);
        let mut stream = match tls {
            Some(tls) => tls.connect(&shared.address, stream).await?,
            None => Box::new(stream),
        };
        let inbox = W::greet(shared, &mut stream).await?;
        Ok((stream, inbox))
    };
    tokio::time::timeout(timeout, connect)
        .await
        .unwrap_or_else(|_| Err(io::ErrorKind::TimedOut.into()))
        .map_err(tls::explained)
}

/// A connection that stands.
struct Open<S, W: Wire> {
    link: Link<S, W::Inbox, W::Known>,
    shared: Arc<Shared<W>>,
}

impl<S: AsyncRead + AsyncWrite + Unpin, W: Wire> Open<S, W> {
    fn poll(&mut self, is_closing: bool, cx: &mut Context<'_>) -> Poll<Result<(), Cut>> {
        let others = self.shared.calls.len() > 1;
        let is_gathering = others && !self.link.outbox.is_empty();
        ready!(self.link.poll_gather(is_gathering, cx));
        loop {
            let is_sent = self.link.poll_send(cx)?.is_ready();
            if self.link.poll_stalled(true, cx).is_ready() {
                return Poll::Ready(Err(Cut::Stalled));
            }
            if is_closing && is_sent {
                return self.link.poll_close(cx);
            }
            match self.link.poll_receive(cx)? {
                Poll::Pending => return Poll::Pending,
                Poll::Ready(0) => {
                    return Poll::Ready(Err(Cut::Io(io::ErrorKind::UnexpectedEof.into())));
                }
                Poll::Ready(_) => W::take_frames(&self.shared, &mut self.link.inbox)?,
            }
        }
    }
}

impl<W: Wire> fmt::Debug for Client<W> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.shared.address)
    }
}
