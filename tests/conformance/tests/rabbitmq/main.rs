//! RabbitMQ: the suite, and what is its own.

use std::{net::SocketAddr, sync::OnceLock, time::Duration};

use anywire::{
    App, Bound, BoxError, BoxFuture, RabbitMq, Running,
    transport::{ConnectionState, rabbitmq::RabbitMqConnect},
};
use anywire_brokers::{Broker, names, unless_missing};
use anywire_conformance::{
    Fixture, Handlers, Killable, Outage, conformance::ChecksServer, requests,
};

mod events;
mod faults;
mod peers;
mod queues;
mod secured;
mod stored;

/// The broker of the fixture, which cannot wait for it.
static URL: OnceLock<&'static str> = OnceLock::new();

/// The URL of the broker that all tests share, but those that end one.
async fn url() -> Option<&'static str> {
    let url = unless_missing(anywire_brokers::RabbitMq::shared_url().await)?;
    Some(URL.get_or_init(|| url))
}

/// A connection whose queue and exchange nobody else uses. The queue goes when
/// nobody came for a minute.
fn connect(url: &str) -> RabbitMqConnect {
    RabbitMq::connect(url)
        .queue(names::unique("queue"))
        .argument("x-expires", 60_000)
        .exchange(names::unique("exchange"))
}

async fn start(parts: impl IntoIterator<Item = Bound>) -> Running {
    let app = parts.into_iter().fold(App::new(), App::serve);
    let app = app.grace_period(Duration::from_secs(20));
    app.start().await.expect("the app starts")
}

async fn serve(handlers: &Handlers, listener: &RabbitMqConnect) -> Running {
    start([ChecksServer::new(handlers.clone()).on(listener.clone())]).await
}

/// Waits for what must happen, with a limit after which it never will.
async fn soon<T>(future: impl Future<Output = T>) -> T {
    in_time(future).await.expect("nothing hangs")
}

/// The same, for who can say more of what did not happen; `None` if it did not.
async fn in_time<T>(future: impl Future<Output = T>) -> Option<T> {
    let limit = Duration::from_secs(60);
    tokio::time::timeout(limit, future).await.ok()
}

struct OverRabbitMq(RabbitMqConnect);

impl OverRabbitMq {
    async fn killable() -> (Self, Outage) {
        let killed = anywire_brokers::RabbitMq::new().start().await;
        let killed = killed.expect("a RabbitMQ server");
        let rabbitmq = Self(RabbitMq::connect(killed.url()));
        let outage = Outage::of_broker(|meanwhile| Broker::kill_during(killed, meanwhile));
        (rabbitmq, outage)
    }
}

impl Fixture for OverRabbitMq {
    const NAME: &'static str = "RabbitMq";
    // The queue of this fixture goes with its last server, so that what is new
    // is refused, and what has reached it by then goes with it. A queue that
    // stays keeps that for the next server, as `queues` shows.
    const MAY_LOSE_WHEN_STOPPED: bool = true;
    const KILLABLE: Option<Killable<Self>> = Some(|| Box::pin(Self::killable()));
    type Listener = RabbitMqConnect;
    type Client = RabbitMq;

    fn new() -> Self {
        let url = *URL.get().expect("a broker");
        Self(
            RabbitMq::connect(url)
                .queue(names::unique("conformance"))
                .auto_delete(true)
                .exchange(names::unique("conformance")),
        )
    }

    fn listener(&self) -> RabbitMqConnect {
        self.0.clone()
    }

    async fn connect(&self, _: Option<SocketAddr>) -> Result<RabbitMq, BoxError> {
        Ok(self.0.clone().await?)
    }

    fn until(client: &RabbitMq, state: ConnectionState) -> Option<BoxFuture<()>> {
        let client = client.clone();
        Some(Box::pin(async move { client.until(state).await }))
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn conformance() {
    if url().await.is_none() {
        anywire_conformance::leave_out::<OverRabbitMq>("there is no RabbitMQ server");
    } else {
        requests::<OverRabbitMq>().await.expect_passed();
        anywire_conformance::streams::<OverRabbitMq>()
            .await
            .expect_passed();
        anywire_conformance::wildcards::<OverRabbitMq>()
            .await
            .expect_passed();
        anywire_conformance::stored_events::<OverRabbitMq>()
            .await
            .expect_passed();
    }
}
