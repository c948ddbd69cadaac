//! Names and keys of queues.

use super::*;
use crate::{OperationKind, RabbitMq};

fn event(pattern: &'static str, route: &'static str, delivery: Delivery) -> Meta {
    Meta {
        kind: OperationKind::Event,
        pattern,
        route,
        delivery,
        ..Meta::BLANK
    }
}

#[test]
fn a_queue_is_bound_by_the_route() {
    let bindings = |pattern, route| bindings(&event(pattern, route, Delivery::AtMostOnce));
    assert_eq!(
        bindings(r#""users.created""#, "users.created"),
        ["users.created"]
    );
    assert_eq!(
        bindings(r#""users.{role}.created""#, "users.{role}.created"),
        ["users.*.created"]
    );
    assert_eq!(
        bindings(r#"{"cmd":"a"}"#, r#"{"cmd":"a"}"#),
        [r#"{"cmd":"a"}"#]
    );
    // As Nest's client sends it, which sorts nothing.
    assert_eq!(
        bindings(r#"{"b":1,"a":2}"#, r#"{"a":2,"b":1}"#),
        [r#"{"a":2,"b":1}"#, r#"{"b":1,"a":2}"#]
    );
}

#[test]
fn the_members_of_a_group_share_a_queue_that_stays() {
    let meta = event(r#""a.b""#, "a.b", Delivery::AtLeastOnce);
    let queue = Queue::of_event(&meta, "events", Some("email"));
    let Queue::Events { name, .. } = &queue else {
        panic!("{queue:?}")
    };
    assert_eq!(name, "events/email/a.b");
    assert_eq!(queue.own(), None);
    let options = RabbitMq::connect("amqp://localhost").argument("x-queue-type", "quorum");
    let (kind, arguments) = kind(true, true, &options).expect("a kind");
    assert!(kind.durable && !kind.auto_delete && !kind.exclusive);
    let quorum = AMQPValue::LongString("quorum".into());
    assert_eq!(arguments.inner().get("x-queue-type"), Some(&quorum));
}

#[test]
fn who_has_no_group_has_a_queue_alone() {
    let meta = event(r#""a.b""#, "a.b", Delivery::AtLeastOnce);
    let [one, other] = [(); 2].map(|()| Queue::of_event(&meta, "events", None));
    assert!(one.own().is_some());
    assert_ne!(one.own(), other.own());
    let options = RabbitMq::connect("amqp://localhost");
    let (found, arguments) = kind(false, true, &options).expect("a kind");
    assert!(found.durable && !found.auto_delete && !found.exclusive);
    let expiry = AMQPValue::LongLongInt(300_000);
    assert_eq!(arguments.inner().get("x-expires"), Some(&expiry));

    let meta = event(r#""a.b""#, "a.b", Delivery::AtMostOnce);
    assert_eq!(Queue::of_event(&meta, "events", None).own(), None);
    let (found, _) = kind(false, false, &options).expect("a kind");
    assert!(found.exclusive && found.auto_delete);
}

#[test]
fn debug_shows_no_secrets() {
    let options = RabbitMq::connect("amqp://ada:lovelace@localhost:5672/%2f")
        .user("grace", "hopper")
        .identity("a.pem", "a.key");
    let text = format!("{options:?}");
    assert!(text.contains("localhost:5672"), "{text}");
    for secret in ["lovelace", "hopper", "a.key"] {
        assert!(!text.contains(secret), "{text}");
    }
}

#[test]
fn the_queue_of_a_service_has_its_name() {
    let meta = event(r#""a.b""#, "a.b", Delivery::AtMostOnce);
    let options = RabbitMq::connect("amqp://localhost");
    assert_eq!(options.queue_of(&meta), "test.v1.Test");
    assert_eq!(options.queue("users").queue_of(&meta), "users");
}
