//! A server of NATS that dies, and comes back.

use std::sync::{
    Arc,
    atomic::{AtomicBool, AtomicUsize, Ordering},
};

use anywire::{App, CallError, TransportError, transport::ConnectionState};
use anywire_conformance::{
    Handlers, Heard,
    conformance::{AnnouncedSubscriber, ChecksClient, ChecksPublisher, ChecksServer},
};

use crate::service::{broker, client, connect, serve, soon, until_answered};

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn calls_and_events_go_on_after_a_crash() {
    let Some(broker) = broker().await else { return };
    let (handlers, heard) = (Handlers::default(), Heard::default());
    let app = App::new()
        .serve(ChecksServer::new(handlers.clone()).on(connect(&broker)))
        .subscribe(AnnouncedSubscriber::new(heard.clone()).on(connect(&broker)));
    let running = app.start().await.expect("the app starts");
    let nats = connect(&broker).await.expect("a client can connect");
    assert_eq!(nats.state(), ConnectionState::Connected);
    let client = ChecksClient::new(nats.clone());
    let publisher = ChecksPublisher::new(nats.clone());

    let waiting = tokio::spawn(client.wait(1));
    handlers.log.until_has("wait 1").await;
    let (is_over, answered) = (
        Arc::new(AtomicBool::new(false)),
        Arc::new(AtomicUsize::new(0)),
    );
    let callers: Vec<_> = (0..64)
        .map(|_| {
            let (client, is_over, answered) =
                (client.clone(), Arc::clone(&is_over), Arc::clone(&answered));
            tokio::spawn(async move {
                while !is_over.load(Ordering::Relaxed) {
                    match client.echo("x").await {
                        Ok(_) => drop(answered.fetch_add(1, Ordering::Relaxed)),
                        Err(CallError::Transport(_) | CallError::Timeout) => {
                            tokio::task::yield_now().await;
                        }
                        Err(error) => panic!("expected no connection, found {error:?}"),
                    }
                }
            })
        })
        .collect();
    soon("answers", async {
        while answered.load(Ordering::Relaxed) < 1000 {
            tokio::task::yield_now().await;
        }
    })
    .await;

    broker.kill().await;
    let answer = soon("the end of the call", waiting)
        .await
        .expect("no panic");
    assert!(
        matches!(answer, Err(CallError::Transport(TransportError::Closed))),
        "{answer:?}"
    );
    soon("the loss", nats.until(ConnectionState::Reconnecting)).await;
    let refused = soon("a refusal", client.echo("x")).await;
    assert!(
        matches!(
            refused,
            Err(CallError::Transport(TransportError::Unreachable { .. }))
        ),
        "{refused:?}"
    );
    let refused = soon("a refusal", publisher.announced("lost")).await;
    assert!(refused.is_err(), "an event is accepted that goes nowhere");

    broker.start_again().await.expect("it starts again");
    soon("a connection", nats.until(ConnectionState::Connected)).await;
    until_answered(&client).await;
    soon("an event", async {
        while heard.log.lines().is_empty() {
            // Accepted, but nobody may be there yet.
            let _ = publisher.announced("again").await;
            tokio::task::yield_now().await;
        }
    })
    .await;
    assert_eq!(heard.log.count("lost"), 0);
    is_over.store(true, Ordering::Relaxed);
    for caller in callers {
        soon("the end of every call", caller)
            .await
            .expect("no panic");
    }
    assert_eq!(
        handlers.log.count("wait 1"),
        1,
        "a lost call was sent again"
    );
    handlers.gates.open(1);
    soon("the stop", running.stop()).await.expect("it stops");
}

#[tokio::test]
async fn nothing_waits_for_a_server_that_is_away() {
    let Some(broker) = broker().await else { return };
    let handlers = Handlers::default();
    let running = serve(&handlers, connect(&broker)).await;
    let nats = connect(&broker).await.expect("a client can connect");
    let waiting = tokio::spawn(ChecksClient::new(nats.clone()).wait(1));
    handlers.log.until_has("wait 1").await;

    broker.kill().await;
    soon("the loss", nats.until(ConnectionState::Reconnecting)).await;
    let call = soon("the end of the call", waiting)
        .await
        .expect("no panic");
    assert!(call.is_err(), "{call:?}");
    soon("it closes", nats.close()).await;
    assert_eq!(nats.state(), ConnectionState::Closed);
    handlers.gates.open(1);
    soon("the stop", running.stop()).await.expect("it stops");

    // It stays closed, even if there is somebody again.
    broker.start_again().await.expect("it starts again");
    until_answered_by_another(&broker).await;
    assert_eq!(nats.state(), ConnectionState::Closed);
}

async fn until_answered_by_another(broker: &anywire_brokers::Broker) {
    let _running = serve(&Handlers::default(), connect(broker)).await;
    until_answered(&client(broker).await).await;
}

#[tokio::test]
async fn a_closed_client_refuses() {
    let Some(broker) = broker().await else { return };
    let handlers = Handlers::default();
    let _running = serve(&handlers, connect(&broker)).await;
    let nats = connect(&broker).await.expect("a client can connect");
    let client = ChecksClient::new(nats.clone());
    client.note("the last one").await.expect("it is sent");
    let waiting = tokio::spawn(client.wait(1));
    handlers.log.until_has("wait 1").await;
    soon("it closes", nats.close()).await;
    let answer = soon("the end of the call", waiting)
        .await
        .expect("no panic");
    assert!(
        matches!(answer, Err(CallError::Transport(TransportError::Closed))),
        "{answer:?}"
    );
    let answer = soon("a refusal", client.echo("x")).await;
    assert!(
        matches!(answer, Err(CallError::Transport(TransportError::Closed))),
        "{answer:?}"
    );
    soon(
        "what was sent arrives",
        handlers.log.until_has("note the last one"),
    )
    .await;
    soon("it closes again", nats.close()).await;
}

#[tokio::test]
async fn the_first_attempt_tells_whether_anybody_is_there() {
    let Some(broker) = broker().await else { return };
    broker.kill().await;
    let error = connect(&broker).await.expect_err("nobody listens");
    assert!(
        matches!(error, TransportError::Unreachable { .. }),
        "{error:?}"
    );
    let address = format!("127.0.0.1:{}", broker.port());
    assert!(error.to_string().contains(&address), "{error}");
}

#[tokio::test]
async fn a_slow_service_loses_what_it_has_no_room_for_and_goes_on() {
    let Some(broker) = broker().await else { return };
    let handlers = Handlers::default();
    let listener = connect(&broker).limits(|limits| {
        limits.max_in_flight = 1;
        limits.max_waiting = 4;
    });
    let _running = serve(&handlers, listener).await;
    let client = client(&broker).await;
    let first = tokio::spawn(client.wait(1));
    handlers.log.until_has("wait 1").await;
    let calls: Vec<_> = (0..50)
        .map(|_| {
            let call = client.echo("x").timeout(std::time::Duration::from_secs(1));
            tokio::spawn(call)
        })
        .collect();
    for call in calls {
        let answer = soon("the end of a call", call).await.expect("no panic");
        assert!(matches!(answer, Err(CallError::Timeout)), "{answer:?}");
    }
    handlers.gates.open(1);
    let answer = soon("the first answer", first).await.expect("no panic");
    assert_eq!(answer.expect("a number"), 1);
    until_answered(&client).await;
}
