//! Events that must not be lost.

use crate::{Heard, place::Storing};

fn sorted(mut lines: Vec<String>) -> Vec<String> {
    lines.sort();
    lines
}

pub(crate) async fn fan_out(place: Storing) {
    let (one, other) = (Heard::default(), Heard::default());
    let parts = [place.stored(&one, None), place.stored(&other, None)];
    let (_running, store) = place.serve(parts).await;
    for text in ["a", "b", "c"] {
        store(text).await.expect("it is accepted");
    }
    for heard in [one, other] {
        let lines = heard.log.until(|lines| lines.len() == 3).await;
        assert_eq!(sorted(lines), ["a", "b", "c"]);
    }
}

pub(crate) async fn groups(place: Storing) {
    let heard: [Heard; 5] = Default::default();
    let groups = [
        Some("amber"),
        Some("amber"),
        Some("amber"),
        Some("red"),
        None,
    ];
    let parts: Vec<_> = heard
        .iter()
        .zip(groups)
        .map(|(heard, group)| place.stored(heard, group))
        .collect();
    let (running, store) = place.serve(parts).await;
    let expected: Vec<_> = (10..40).map(|number: u32| number.to_string()).collect();
    for text in &expected {
        store(text).await.expect("it is accepted");
    }
    // Whatever is accepted is handled before the app has stopped.
    running.stop().await.expect("it stops");
    let [one, two, three, red, alone] = heard.map(|heard| heard.log.lines());
    for member in [&one, &two, &three] {
        assert!(!member.is_empty(), "a member of the group got nothing");
    }
    assert_eq!(
        sorted([one, two, three].concat()),
        expected,
        "all of a group together"
    );
    assert_eq!(sorted(red), expected, "the only member of a group");
    assert_eq!(sorted(alone), expected, "a subscriber without a group");
}

pub(crate) async fn redelivered(place: Storing) {
    let (stumbles, other) = (Heard::default(), Heard::default());
    let parts = [place.stored(&stumbles, None), place.stored(&other, None)];
    let (running, store) = place.serve(parts).await;
    store("stumble").await.expect("it is accepted");
    stumbles.log.until(|lines| lines.len() == 3).await;
    running.stop().await.expect("it stops");
    assert_eq!(
        stumbles.log.lines(),
        ["stumble"; 3],
        "twice failed, once handled"
    );
}

pub(crate) async fn redelivered_after_panic(place: Storing) {
    let heard = Heard::default();
    let (running, store) = place.serve([place.stored(&heard, None)]).await;
    store("panic").await.expect("it is accepted");
    store("next").await.expect("it is accepted");
    heard.log.until(|lines| lines.len() == 3).await;
    running.stop().await.expect("it stops");
    assert_eq!(sorted(heard.log.lines()), ["next", "panic", "panic"]);
}

pub(crate) async fn given_up(place: Storing) {
    let heard = Heard::default();
    let (running, store) = place.serve([place.stored(&heard, None)]).await;
    for text in ["refuse", "stumble"] {
        store(text).await.expect("it is accepted");
    }
    // By then the first one would have come again as well.
    heard
        .log
        .until(|lines| lines.iter().filter(|line| *line == "stumble").count() == 3)
        .await;
    running.stop().await.expect("it stops");
    assert_eq!(heard.log.count("refuse"), 1);
}

pub(crate) async fn drain(place: Storing) {
    let heard = Heard::default();
    let (running, store) = place.serve([place.stored(&heard, None)]).await;
    store("gate").await.expect("it is accepted");
    heard.log.until_has("gate").await;
    for text in ["a", "b"] {
        store(text).await.expect("it is accepted");
    }
    let stopped = tokio::spawn(running.stop());
    heard.gates.open(1);
    stopped.await.expect("no panic").expect("it stops");
    assert_eq!(sorted(heard.log.lines()), ["a", "b", "gate"]);
}
