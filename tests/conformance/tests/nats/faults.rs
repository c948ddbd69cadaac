//! A server of NATS that dies, and comes back.

use anywire::{CallError, TransportError, transport::ConnectionState};
use anywire_conformance::{Handlers, conformance::ChecksClient};

use crate::service::{broker, client, connect, serve, soon, until_answered};

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
