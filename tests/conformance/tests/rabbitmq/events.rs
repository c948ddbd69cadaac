//! Events of which nobody knows, and those that go into the queue of requests.

use anywire::{CallError, RabbitMq, TransportError, transport::ConnectionState};
use anywire_brokers::names;
use anywire_conformance::{
    Handlers, Heard,
    conformance::{
        AnnouncedSubscriber, ChecksClient, ChecksPublisher, ChecksServer, StoredSubscriber,
    },
};
use lapin::{
    Connection, ConnectionProperties, ExchangeKind, options::ExchangeDeclareOptions,
    types::FieldTable,
};

use crate::{connect, soon, start, url};

#[tokio::test(flavor = "multi_thread")]
async fn an_event_that_nobody_subscribes_to_is_accepted() {
    let Some(url) = url().await else { return };
    let publisher = ChecksPublisher::new(connect(url).await.expect("a publisher"));
    soon(publisher.announced("a")).await.expect("it is sent");
    soon(publisher.stored("a")).await.expect("it is accepted");
}

#[tokio::test(flavor = "multi_thread")]
async fn an_exchange_of_another_kind_is_told_of() {
    let Some(url) = url().await else { return };
    let exchange = names::unique("fanout");
    let connection = Connection::connect(url, ConnectionProperties::default())
        .await
        .expect("a connection");
    let channel = connection.create_channel().await.expect("a channel");
    let fleeting = ExchangeDeclareOptions {
        auto_delete: true,
        ..ExchangeDeclareOptions::default()
    };
    channel
        .exchange_declare(
            exchange.as_str().into(),
            ExchangeKind::Fanout,
            fleeting,
            FieldTable::default(),
        )
        .await
        .expect("an exchange");

    let client = RabbitMq::connect(url).exchange(exchange).await;
    let client = client.expect("a publisher");
    let publisher = ChecksPublisher::new(client.clone());
    let error = soon(publisher.stored("a")).await.expect_err("another kind");
    let text = error.to_string();
    assert!(text.contains("PRECONDITION_FAILED"), "{text}");
    // The connection is made again, and the next event fails as the first did.
    soon(client.until(ConnectionState::Connected)).await;
}

/// Everything through one queue, as NestJS does it unless told otherwise.
#[tokio::test(flavor = "multi_thread")]
async fn events_in_the_queue_of_requests() {
    let Some(url) = url().await else { return };
    let listener = connect(url).events_to_queue();
    let (handlers, one, other) = (Handlers::default(), Heard::default(), Heard::default());
    let announced = Heard::default();
    let running = start([
        ChecksServer::new(handlers.clone()).on(listener.clone()),
        StoredSubscriber::new(one.clone()).on(listener.clone()),
        StoredSubscriber::new(other.clone()).on(listener.clone()),
        AnnouncedSubscriber::new(announced.clone()).on(listener.clone()),
    ])
    .await;
    let client = listener.await.expect("a client");
    let publisher = ChecksPublisher::new(client.clone());
    for text in ["a", "stumble", "refuse"] {
        soon(publisher.stored(text)).await.expect("it is accepted");
        soon(publisher.announced(text)).await.expect("it is sent");
    }
    for heard in [&one, &other] {
        let lines = soon(heard.log.until(|lines| lines.len() == 5)).await;
        assert_eq!(lines.iter().filter(|line| *line == "stumble").count(), 3);
    }
    soon(announced.log.until(|lines| lines.len() == 3)).await;
    let echoed = soon(ChecksClient::new(client).echo("a")).await;
    assert_eq!(echoed.expect("an echo"), "a");
    running.stop().await.expect("it stops");
    assert_eq!(announced.log.count("stumble"), 1);
}

/// Everything to every queue, as NestJS does it with `exchangeType: 'fanout'`.
#[tokio::test(flavor = "multi_thread")]
async fn a_fanout_exchange_brings_everything_to_every_queue() {
    let Some(url) = url().await else { return };
    let exchange = names::unique("fanout");
    let on_queue = || connect(url).fanout(&exchange);
    let (one, other) = (on_queue(), on_queue());
    let (handlers, announced) = (Handlers::default(), Heard::default());
    let stored = [Heard::default(), Heard::default()];
    let running = start([
        ChecksServer::new(handlers.clone()).on(one.clone()),
        StoredSubscriber::new(stored[0].clone()).on(one),
        StoredSubscriber::new(stored[1].clone()).on(other.clone()),
        AnnouncedSubscriber::new(announced.clone()).on(other),
    ])
    .await;
    // On a queue that nobody serves: what counts is the exchange.
    let client = on_queue().await.expect("a client");
    let publisher = ChecksPublisher::new(client.clone());
    for text in ["a", "stumble"] {
        soon(publisher.stored(text)).await.expect("it is accepted");
        soon(publisher.announced(text)).await.expect("it is sent");
    }
    for heard in &stored {
        let lines = soon(heard.log.until(|lines| lines.len() == 4)).await;
        assert_eq!(lines.iter().filter(|line| *line == "stumble").count(), 3);
    }
    // The first queue has no subscriber of these, and drops them.
    soon(announced.log.until(|lines| lines.len() == 2)).await;
    let noted = soon(ChecksClient::new(client).note("a")).await;
    noted.expect("a queue takes it");
    soon(handlers.log.until_has("note a")).await;
    running.stop().await.expect("it stops");
}

#[tokio::test(flavor = "multi_thread")]
async fn an_event_waits_in_its_queue() {
    let Some(url) = url().await else { return };
    let listener = connect(url).events_to_queue();
    // Nobody has served there yet: the publisher declares the queue.
    let publisher = ChecksPublisher::new(listener.clone().await.expect("a publisher"));
    soon(publisher.stored("a")).await.expect("it is accepted");
    let heard = Heard::default();
    let _running = start([StoredSubscriber::new(heard.clone()).on(listener)]).await;
    soon(heard.log.until_has("a")).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn an_event_for_a_queue_that_is_not_there_is_refused() {
    let Some(url) = url().await else { return };
    let nowhere = connect(url).events_to_queue().declare(false);
    let publisher = ChecksPublisher::new(nowhere.await.expect("a publisher"));
    let error = soon(publisher.stored("a")).await.expect_err("no queue");
    assert!(
        matches!(error, CallError::Transport(TransportError::NoHandler)),
        "{error:?}"
    );
}
