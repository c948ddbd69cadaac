//! Requests that are answered.

use std::time::Duration;

use anywire::{Bytes, Json, REMAINING_MS};

use crate::{
    Handlers,
    conformance::{Colour, Everything, ItemId, Shape, Tree},
    place::{Clients, Place},
};

async fn echoes(clients: &Clients, text: String) {
    let echoed = clients.checks.echo(text.as_str()).await.expect("an echo");
    // Not `assert_eq`, which would print both of two long texts.
    assert!(
        echoed == text,
        "{} bytes came back as {}, or changed",
        text.len(),
        echoed.len()
    );
}

pub(crate) async fn reply(place: Place) {
    let (_running, clients) = place.serve(&Handlers::default()).await;
    let joined = clients.checks.join("a", 7).await;
    assert_eq!(joined.expect("a reply"), "a 7 ");
}

pub(crate) async fn bare_payload(place: Place) {
    let (_running, clients) = place.serve(&Handlers::default()).await;
    for (numbers, sum) in [
        (vec![1, 2, 3], 6),
        (vec![], 0),
        (vec![i32::MAX, i32::MAX], 2 * i64::from(i32::MAX)),
        (vec![i32::MIN, i32::MIN], 2 * i64::from(i32::MIN)),
    ] {
        assert_eq!(clients.checks.sum(numbers).await.expect("a sum"), sum);
    }
}

pub(crate) async fn optional_arguments(place: Place) {
    let (_running, clients) = place.serve(&Handlers::default()).await;
    let joined = clients
        .checks
        .join("a", 7)
        .with(|request| request.third = Some("b".to_owned()));
    assert_eq!(joined.await.expect("a reply"), "a 7 b");
}

pub(crate) async fn every_type(place: Place) {
    let (_running, clients) = place.serve(&Handlers::default()).await;
    let value = everything();
    let echoed = clients.checks.everything(value.clone()).await;
    assert_eq!(echoed.expect("an echo"), value);
}

/// A value of every type, at the edges of what each can hold.
pub(super) fn everything() -> Everything {
    Everything {
        flag: true,
        tiny: i8::MIN,
        small: i16::MIN,
        int: i32::MIN,
        big: -((1 << 53) - 1),
        unsigned_tiny: u8::MAX,
        unsigned_small: u16::MAX,
        unsigned_int: u32::MAX,
        unsigned_big: (1 << 53) - 1,
        revision: u64::MAX,
        single: 0.1,
        double: -1.140_026_478_326_397_1e-119,
        text: "é 漢 🦀".to_owned(),
        bytes: Bytes::from((0..=255).collect::<Vec<u8>>()),
        id: ItemId(
            "6f3c2c8e-5a0b-4c66-9a3a-2f7d4f6c1e21"
                .parse()
                .expect("a UUID"),
        ),
        price: "-12.50".parse().expect("a decimal"),
        day: "2024-02-29".parse().expect("a date"),
        at: "2026-01-31T12:00:00.123456789Z"
            .parse()
            .expect("a timestamp"),
        pause: "1.5s".parse().expect("a duration"),
        anything: Json(
            serde_json::json!({ "b": [1, null, "x"], "a": 1.140_026_478_326_397_1e-119 }),
        ),
        list: vec![String::new(), "a".to_owned()],
        by_name: [("a/~\"".to_owned(), 1), ("🦀".to_owned(), 2)].into(),
        by_number: [(0, "zero".to_owned()), (u32::MAX, "most".to_owned())].into(),
        maybe: Some(String::new()),
        never: None,
        tree: tree(24),
        colour: Colour::DarkGreen,
        shape: Shape::Square { side_length: 1.5 },
        credit: 0,
    }
}

fn tree(depth: u32) -> Tree {
    let branches = if depth == 0 {
        vec![]
    } else {
        vec![tree(depth - 1)]
    };
    Tree {
        name: depth.to_string(),
        branches,
    }
}

pub(crate) async fn unicode(place: Place) {
    let (_running, clients) = place.serve(&Handlers::default()).await;
    let controls: String = (0..32).filter_map(char::from_u32).collect();
    for text in [
        "",
        "🦀",
        "👩‍👩‍👧‍👦 🏳️‍🌈 👩🏽‍💻",
        "a é 漢 🦀 𝔘𝔫𝔦 \u{10FFFF} \u{FFFF} e\u{301} \u{FEFF} שלום \u{FFFD}",
        "\" \\ / \\u0041 \\\" \u{7F} \u{2028} \u{2029} {\"a\":\"#1#\"} 12#",
        &controls,
    ] {
        echoes(&clients, text.to_owned()).await;
    }
}

pub(crate) async fn one_mebibyte(place: Place) {
    let (_running, clients) = place.serve(&Handlers::default()).await;
    echoes(&clients, "x".repeat(1 << 20)).await;
    echoes(&clients, "🦀".repeat(1 << 18)).await;
    echoes(&clients, "\"\\\n\u{1}".repeat(1 << 18)).await;
}

pub(crate) async fn empty_reply(place: Place) {
    let (_running, clients) = place.serve(&Handlers::default()).await;
    clients
        .checks
        .nothing()
        .await
        .expect("an answer without a value");
}

pub(crate) async fn headers(place: Place) {
    let (_running, clients) = place.serve(&Handlers::default()).await;
    let trace = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01";
    let sent = [
        ("traceparent", trace),
        // Without a line break, for which NATS has no place.
        ("tenant", "é 🦀 \"quoted\"\t{}"),
        ("empty", ""),
    ];
    let mut call = clients.checks.headers();
    for (name, value) in sent {
        call = call.header(name, value);
    }
    let arrived = call.await.expect("the headers");
    for (name, value) in sent {
        assert_eq!(
            arrived.get(name).map(String::as_str),
            Some(value),
            "header {name}"
        );
    }
    let of_another = clients.checks.headers().await.expect("the headers");
    assert!(
        !of_another.contains_key("tenant"),
        "a header of an earlier call came: {of_another:?}"
    );
}

pub(crate) async fn outlives(place: Place) {
    let (_running, clients) = place.serve(&Handlers::default()).await;
    let call = clients.checks.echo("still there");
    // The last that holds the connection, but for the call.
    drop(clients);
    assert_eq!(call.await.expect("an echo"), "still there");
}

pub(crate) async fn within(place: Place) {
    let handlers = Handlers::default();
    let (running, clients) = place.serve(&handlers).await;
    let onward = place.connect(&running).await;
    assert!(handlers.onward.set(onward.checks).is_ok());
    let trace = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01";
    let call = clients.checks.relay().header("traceparent", trace);
    let call = call
        .header("tenant", "blue")
        .timeout(Duration::from_secs(20));
    let arrived = call.await.expect("the headers of the second call");
    assert_eq!(arrived.get("traceparent").map(String::as_str), Some(trace));
    assert_eq!(
        arrived.get("tenant"),
        None,
        "it is not the handler's to hand on"
    );
    // A wire that has a place of its own for the time has no header for it.
    if let Some(remaining) = arrived.get(REMAINING_MS) {
        let millis: u32 = remaining.parse().expect("a number");
        assert!((1..=20_000).contains(&millis), "{millis} ms of 20 s remain");
    }

    let of_another = clients.checks.relay().await.expect("the headers");
    assert_eq!(of_another.get("traceparent"), None);
    assert_eq!(of_another.get(REMAINING_MS), None);
}
