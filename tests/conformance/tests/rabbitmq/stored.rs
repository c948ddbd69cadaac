//! Stored events: every subscriber, one of each group, again after a failure.

use std::time::Duration;

use anywire::{App, transport::rabbitmq::RabbitMqConnect};
use anywire_brokers::names;
use anywire_conformance::{
    Heard,
    conformance::{ChecksPublisher, StoredSubscriber},
};
use futures_util::StreamExt as _;
use lapin::{
    Connection, ConnectionProperties, ExchangeKind,
    options::{BasicConsumeOptions, ExchangeDeclareOptions, QueueBindOptions, QueueDeclareOptions},
    types::FieldTable,
};

use crate::{connect, soon, start, url};

fn subscriber(heard: &Heard, group: Option<&str>, listener: &RabbitMqConnect) -> anywire::Bound {
    let subscriber = StoredSubscriber::new(heard.clone());
    match group {
        Some(group) => subscriber.group(group).on(listener.clone()),
        None => subscriber.on(listener.clone()),
    }
}

fn sorted(mut lines: Vec<String>) -> Vec<String> {
    lines.sort();
    lines
}

#[tokio::test(flavor = "multi_thread")]
async fn to_each_subscriber_and_one_of_each_group() {
    let Some(url) = url().await else { return };
    let listener = connect(url);
    let heard: [Heard; 5] = Default::default();
    let groups = [Some("blue"), Some("blue"), Some("blue"), Some("red"), None];
    let parts = heard
        .iter()
        .zip(groups)
        .map(|(heard, group)| subscriber(heard, group, &listener));
    let running = start(parts).await;
    let publisher = ChecksPublisher::new(listener.await.expect("a publisher"));
    let expected: Vec<_> = (10..40).map(|number: u32| number.to_string()).collect();
    for text in &expected {
        soon(publisher.stored(text)).await.expect("it is accepted");
    }
    running.stop().await.expect("it stops");
    let [one, two, three, red, alone] = heard.map(|heard| heard.log.lines());
    for member in [&one, &two, &three] {
        assert!(!member.is_empty(), "a member of the group got nothing");
    }
    assert_eq!(sorted([one, two, three].concat()), expected);
    assert_eq!(sorted(red), expected);
    assert_eq!(sorted(alone), expected);
}

#[tokio::test(flavor = "multi_thread")]
async fn again_after_a_failure() {
    let Some(url) = url().await else { return };
    let (listener, heard) = (connect(url), Heard::default());
    let running = start([subscriber(&heard, None, &listener)]).await;
    let publisher = ChecksPublisher::new(listener.await.expect("a publisher"));
    for text in ["refuse", "stumble", "panic"] {
        soon(publisher.stored(text)).await.expect("it is accepted");
    }
    soon(heard.log.until(|lines| lines.len() == 6)).await;
    running.stop().await.expect("it stops");
    for (text, times) in [("refuse", 1), ("stumble", 3), ("panic", 2)] {
        assert_eq!(heard.log.count(text), times, "{text}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn stop_finishes_what_was_accepted() {
    let Some(url) = url().await else { return };
    let (listener, heard) = (connect(url), Heard::default());
    let running = start([subscriber(&heard, None, &listener)]).await;
    let publisher = ChecksPublisher::new(listener.await.expect("a publisher"));
    soon(publisher.stored("gate"))
        .await
        .expect("it is accepted");
    soon(heard.log.until_has("gate")).await;
    for text in ["a", "b"] {
        soon(publisher.stored(text)).await.expect("it is accepted");
    }
    let stopped = tokio::spawn(running.stop());
    heard.gates.open(1);
    soon(stopped).await.expect("no panic").expect("it stops");
    assert_eq!(sorted(heard.log.lines()), ["a", "b", "gate"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_group_is_waited_for() {
    let Some(url) = url().await else { return };
    let (listener, heard) = (connect(url), Heard::default());
    let running = start([subscriber(&heard, Some("blue"), &listener)]).await;
    running.stop().await.expect("it stops");
    let publisher = ChecksPublisher::new(listener.clone().await.expect("a publisher"));
    for text in ["a", "b"] {
        soon(publisher.stored(text)).await.expect("it is accepted");
    }
    let _running = start([subscriber(&heard, Some("blue"), &listener)]).await;
    let lines = soon(heard.log.until(|lines| lines.len() == 2)).await;
    assert_eq!(sorted(lines), ["a", "b"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn what_a_member_leaves_goes_to_the_others() {
    let Some(url) = url().await else { return };
    let listener = connect(url);
    let (leaves, stays) = (Heard::default(), Heard::default());
    let app = App::new()
        .subscribe(subscriber(&leaves, Some("blue"), &listener))
        .grace_period(Duration::from_millis(10));
    let running = app.start().await.expect("it starts");
    let publisher = ChecksPublisher::new(listener.clone().await.expect("a publisher"));
    soon(publisher.stored("gate"))
        .await
        .expect("it is accepted");
    soon(leaves.log.until_has("gate")).await;
    stays.gates.open(1);
    let _other = start([subscriber(&stays, Some("blue"), &listener)]).await;
    // Nobody opens the gate of the first.
    running.stop().await.expect_err("work is left");
    soon(stays.log.until_has("gate")).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_given_up_is_a_dead_letter() {
    let Some(url) = url().await else { return };
    let dead = names::unique("dead");
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
            dead.as_str().into(),
            ExchangeKind::Fanout,
            fleeting,
            FieldTable::default(),
        )
        .await
        .expect("an exchange");
    let own = QueueDeclareOptions {
        exclusive: true,
        ..QueueDeclareOptions::default()
    };
    channel
        .queue_declare(dead.as_str().into(), own, FieldTable::default())
        .await
        .expect("a queue");
    channel
        .queue_bind(
            dead.as_str().into(),
            dead.as_str().into(),
            "".into(),
            QueueBindOptions::default(),
            FieldTable::default(),
        )
        .await
        .expect("a binding");
    let mut letters = channel
        .basic_consume(
            dead.as_str().into(),
            "".into(),
            BasicConsumeOptions::default(),
            FieldTable::default(),
        )
        .await
        .expect("a consumer");

    let listener = connect(url).argument("x-dead-letter-exchange", dead);
    let heard = Heard::default();
    let _running = start([subscriber(&heard, Some("blue"), &listener)]).await;
    let publisher = ChecksPublisher::new(listener.await.expect("a publisher"));
    for text in ["sound", "refuse"] {
        let stored = publisher.stored(text).header("tenant", "acme");
        soon(stored).await.expect("it is accepted");
    }
    let letter = soon(letters.next())
        .await
        .expect("a letter")
        .expect("sound");
    assert_eq!(
        String::from_utf8_lossy(&letter.data),
        r#"{"pattern":"conformance.stored","data":{"text":"refuse"}}"#
    );
    let headers = letter.properties.headers().as_ref().expect("headers");
    assert!(headers.inner().contains_key("tenant"), "{headers:?}");
    assert!(headers.inner().contains_key("x-death"), "{headers:?}");
    soon(heard.log.until_has("sound")).await;
}
