//! Apps: how they start, and how they stop.

use std::{sync::Arc, time::Duration};

use anywire::{
    App, Bound, BoxError, BoxFuture, BoxService, CallError, Dispatch, Listen, Meta, Reply, Request,
    Routes, Serve, Stop, TransportError,
};
use tokio::{
    io::{AsyncReadExt as _, AsyncWriteExt as _},
    net::TcpStream,
    sync::{Notify, OnceCell},
};

use crate::{
    Handlers,
    place::{Clients, Place},
};

/// A part of an app that serves nothing and tells when stop is requested.
pub(super) struct Probe(pub(super) Arc<Notify>);

#[derive(Clone)]
struct Nothing;

impl Dispatch for Nothing {
    const OPERATIONS: &'static [&'static Meta] = &[];

    fn dispatch(&self, _: usize, _: Request) -> BoxFuture<Reply> {
        Box::pin(std::future::ready(Reply::Refused(
            TransportError::NoHandler,
        )))
    }
}

impl Probe {
    pub(super) fn bound(&self) -> Bound {
        let routes = Routes {
            operations: Nothing::OPERATIONS,
            descriptors: Nothing::DESCRIPTORS,
            group: None,
        };
        Bound::new(
            "Probe",
            routes,
            BoxService::new(Nothing),
            Self(Arc::clone(&self.0)),
        )
    }
}

impl Listen for Probe {
    type Profile = Self;

    async fn bind(self, _: Routes, _: BoxService) -> Result<impl Serve, BoxError> {
        Ok(self)
    }
}

impl Serve for Probe {
    async fn serve(self, mut stop: Stop) {
        stop.requested().await;
        self.0.notify_one();
    }
}

pub(crate) async fn two_services(place: Place) {
    let app = App::new()
        .serve(place.checks(&Handlers::default()))
        .serve(place.more());
    let running = app.start().await.expect("the app starts");
    let clients = place.connect(&running).await;
    assert_eq!(clients.checks.echo("one").await.expect("an echo"), "one");
    assert_eq!(clients.more.more().await.expect("a reply"), "more");
    let names: Vec<_> = running
        .endpoints()
        .iter()
        .map(|endpoint| endpoint.name)
        .collect();
    assert_eq!(names, ["Checks", "More"]);
}

/// A part of an app that cannot be bound.
struct Unbindable;

impl Unbindable {
    fn bound() -> Bound {
        let routes = Routes {
            operations: Nothing::OPERATIONS,
            descriptors: Nothing::DESCRIPTORS,
            group: None,
        };
        Bound::new("Last", routes, BoxService::new(Nothing), Self)
    }
}

impl Listen for Unbindable {
    type Profile = Self;

    async fn bind(self, _: Routes, _: BoxService) -> Result<impl Serve, BoxError> {
        Err::<Probe, _>("the address is taken".into())
    }
}

pub(crate) async fn start_error(place: Place) {
    let app = App::new()
        .serve(place.checks(&Handlers::default()))
        .serve(Unbindable::bound());
    let error = app.start().await.expect_err("one part cannot be bound");
    assert_eq!(error.name, "Last");
    let text = error.to_string();
    assert!(
        text.contains("Last") && text.contains("the address is taken"),
        "{text}"
    );
}

pub(crate) async fn not_started(place: Place) {
    let app = App::new().serve(place.checks(&Handlers::default()));
    let app = app.serve(Unbindable::bound());
    app.start().await.expect_err("one part cannot be bound");
    if let Ok(clients) = place.try_connect(None).await {
        refuses(&clients).await;
    }
}

/// Asks until a call is refused.
async fn refuses(clients: &Clients) {
    if clients.requests_are_stored {
        return is_gone(clients).await;
    }
    loop {
        match clients.checks.echo("more").await {
            Ok(_) => tokio::task::yield_now().await,
            Err(CallError::Transport(_)) => return,
            Err(error) => panic!("expected a refusal, found {error:?}"),
        }
    }
}

/// Asks until a call is refused by those who knew of no end: one that was on
/// its way by then is answered by nobody.
async fn is_gone(clients: &Clients) {
    loop {
        let call = clients.checks.echo("more");
        match call.timeout(Duration::from_secs(2)).await {
            Ok(_) => tokio::task::yield_now().await,
            Err(CallError::Timeout) if clients.requests_are_stored => return,
            Err(CallError::Timeout) => {}
            Err(CallError::Transport(_)) => return,
            Err(error) => panic!("expected a refusal, found {error:?}"),
        }
    }
}

pub(crate) async fn drain(place: Place) {
    let (handlers, stopping) = (Handlers::default(), Arc::new(Notify::new()));
    let app = App::new()
        .serve(place.checks(&handlers))
        .serve(Probe(Arc::clone(&stopping)).bound())
        .grace_period(Duration::from_secs(40));
    let running = app.start().await.expect("the app starts");
    let clients = place.connect(&running).await;
    let in_flight: Vec<_> = (0..20)
        .map(|_| tokio::spawn(clients.checks.wait(1)))
        .collect();
    handlers
        .log
        .until(|lines| lines.len() == in_flight.len())
        .await;

    let stopped = tokio::spawn(running.stop());
    stopping.notified().await;
    let others = clients.clone();
    let may_lose = place.may_lose_when_stopped();
    let refused = tokio::spawn(async move {
        if may_lose {
            is_gone(&others).await;
        } else {
            refuses(&others).await;
        }
    });
    handlers.gates.open(1);
    for call in in_flight {
        assert_eq!(
            call.await
                .expect("no panic")
                .expect("a reply during the stop"),
            1
        );
    }
    stopped.await.expect("no panic").expect("it stops in time");
    refused.await.expect("what is new is refused");
}

pub(crate) async fn grace_period(place: Place) {
    let handlers = Handlers::default();
    let app = App::new()
        .serve(place.checks(&handlers))
        .grace_period(Duration::from_millis(50));
    let running = app.start().await.expect("the app starts");
    let clients = place.connect(&running).await;
    // Nobody opens this gate.
    let _in_flight = tokio::spawn(clients.checks.wait(1));
    handlers.log.until_has("wait 1").await;
    let error = running.stop().await.expect_err("work is left");
    assert_eq!(error.parts, 1);
    is_gone(&clients).await;
}

pub(crate) async fn dropped(place: Place) {
    let (running, clients) = place.serve(&Handlers::default()).await;
    clients.checks.echo("a").await.expect("an echo");
    drop(running);
    is_gone(&clients).await;
}

pub(crate) async fn again(place: Place) {
    for round in ["first", "second"] {
        let (running, clients) = place.serve(&Handlers::default()).await;
        let echoed = clients.checks.echo(round).await;
        assert_eq!(echoed.expect("an echo"), round);
        running.stop().await.expect("it stops");
    }
}

pub(crate) async fn http(place: Place) {
    use axum::{Router, extract::State, routing::get};

    // The rrunning's client can connect only when the app listens already.
    let (handlers, clients) = (Handlers::default(), Arc::new(OnceCell::<Clients>::new()));
    let greet = |State(clients): State<Arc<OnceCell<Clients>>>| async move {
        let clients = clients.get().ok_or("not yet")?;
        clients
            .checks
            .echo("by way of HTTP")
            .await
            .map_err(|_| "no echo")
    };
    let rrunning = Router::new()
        .route("/greet", get(greet))
        .with_state(Arc::clone(&clients));
    let app = App::new()
        .http("127.0.0.1:0", rrunning)
        .serve(place.checks(&handlers));
    let running = app.start().await.expect("the app starts");
    let connected = place.connect(&running).await;
    assert!(clients.set(connected).is_ok());
    let address = running.address("HTTP").expect("HTTP has an address");

    let mut stream = TcpStream::connect(address).await.expect("a connection");
    let request = "GET /greet HTTP/1.1\r\nhost: localhost\r\nconnection: close\r\n\r\n";
    stream
        .write_all(request.as_bytes())
        .await
        .expect("it is sent");
    let mut answer = String::new();
    stream.read_to_string(&mut answer).await.expect("an answer");
    assert!(
        answer.starts_with("HTTP/1.1 200") && answer.ends_with("by way of HTTP"),
        "{answer}"
    );

    running.stop().await.expect("all of it stops");
    TcpStream::connect(address)
        .await
        .expect_err("nobody listens any more");
}
