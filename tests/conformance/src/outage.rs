//! What the checks of outages kill.

use std::fmt;

use anywire::BoxFuture;

/// What a check kills while it is under load, and has come back.
///
/// A broker is killed as a crash does it, with SIGKILL, and comes back on the
/// same port and with the same data:
///
/// ```no_run
/// # struct Broker;
/// # impl Broker {
/// #     async fn kill(&self) {}
/// #     async fn start_again(&self) {}
/// # }
/// use anywire_conformance::Outage;
///
/// fn outage(broker: Broker) -> Outage {
///     Outage::of_broker(move |meanwhile| async move {
///         broker.kill().await;
///         meanwhile.await;
///         broker.start_again().await;
///         broker
///     })
/// }
/// ```
pub struct Outage(pub(crate) Option<KillBroker>);

/// Makes a fixture of its own for one check, and what is killed of it.
pub type Killable<F> = fn() -> BoxFuture<(F, Outage)>;

pub(crate) type KillBroker = Box<dyn FnOnce(BoxFuture<()>) -> BoxFuture<Kept> + Send>;

/// What must live until the end of the check: the broker.
pub(crate) type Kept = Box<dyn Send>;

impl Outage {
    /// The end of a broker: the function kills it, awaits what happens meanwhile,
    /// which ends by itself, has it back and returns it: it must live until what
    /// is returned is dropped. The function panics if it does not come back.
    pub fn of_broker<Back>(kill: impl FnOnce(BoxFuture<()>) -> Back + Send + 'static) -> Self
    where
        Back: Future<Output: Send + 'static> + Send + 'static,
    {
        Self(Some(Box::new(|meanwhile| {
            let back = kill(meanwhile);
            Box::pin(async move { Box::new(back.await) as Kept })
        })))
    }

    /// The end of the app that serves, for transports on which nobody stands
    /// between it and its clients. The check ends it, and serves again: the
    /// fixture listens at a port that it names, [`free_address`] for one.
    #[must_use]
    pub fn of_server() -> Self {
        Self(None)
    }
}

impl fmt::Debug for Outage {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let whose = if self.0.is_some() { "broker" } else { "server" };
        write!(f, "Outage({whose})")
    }
}

/// A loopback address that nobody listens at, for [`Outage::of_server`].
///
/// # Panics
/// If there is none.
#[must_use]
pub fn free_address() -> String {
    let free = std::net::TcpListener::bind("127.0.0.1:0").expect("there is a free port");
    free.local_addr().expect("it has an address").to_string()
}
