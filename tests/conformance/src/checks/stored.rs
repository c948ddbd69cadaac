//! Events that must not be lost, and that keep their order.

use crate::{Heard, place::Storing};

fn sorted(mut lines: Vec<String>) -> Vec<String> {
    lines.sort();
    lines
}

pub(crate) async fn fan_out(place: Storing) {
    let (one, other) = (Heard::default(), Heard::default());
    let parts = [place.stored(&one, None), place.stored(&other, None)];
    let (_running, publisher) = place.serve(parts).await;
    for text in ["a", "b", "c"] {
        (publisher.stored)(text).await.expect("it is accepted");
    }
    for heard in [one, other] {
        let lines = heard.log.until(|lines| lines.len() == 3).await;
        assert_eq!(sorted(lines), ["a", "b", "c"]);
    }
}

pub(crate) async fn groups(place: Storing) {
    let heard: [Heard; 5] = Default::default();
    let groups = [Some("blue"), Some("blue"), Some("blue"), Some("red"), None];
    let parts: Vec<_> = heard
        .iter()
        .zip(groups)
        .map(|(heard, group)| place.stored(heard, group))
        .collect();
    let (running, publisher) = place.serve(parts).await;
    let expected: Vec<_> = (10..40).map(|number: u32| number.to_string()).collect();
    for text in &expected {
        (publisher.stored)(text).await.expect("it is accepted");
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
    let (running, publisher) = place.serve(parts).await;
    (publisher.stored)("stumble").await.expect("it is accepted");
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
    let (running, publisher) = place.serve([place.stored(&heard, None)]).await;
    (publisher.stored)("panic").await.expect("it is accepted");
    (publisher.stored)("next").await.expect("it is accepted");
    heard.log.until(|lines| lines.len() == 3).await;
    running.stop().await.expect("it stops");
    assert_eq!(sorted(heard.log.lines()), ["next", "panic", "panic"]);
}

pub(crate) async fn given_up(place: Storing) {
    let heard = Heard::default();
    let (_running, publisher) = place.serve([place.ordered(&heard)]).await;
    for number in [1, 2] {
        (publisher.ordered)("refuses", number)
            .await
            .expect("it is accepted");
    }
    // The second one of the key comes when the first is done with.
    heard.log.until_has("refuses 2").await;
    assert_eq!(heard.log.lines(), ["refuses 1", "refuses 2"]);
}

pub(crate) async fn order(place: Storing) {
    let heard = Heard::default();
    let (_running, publisher) = place.serve([place.ordered(&heard)]).await;
    for number in 1..=20 {
        for key in ["stumbles", "even"] {
            (publisher.ordered)(key, number)
                .await
                .expect("it is accepted");
        }
    }
    let lines = heard.log.until(|lines| lines.len() == 42).await;
    for (key, attempts) in [("stumbles", 3), ("even", 1)] {
        let expected: Vec<_> = (1..=20)
            .flat_map(|number| {
                vec![format!("{key} {number}"); if number == 1 { attempts } else { 1 }]
            })
            .collect();
        let of_key: Vec<_> = lines
            .iter()
            .filter(|line| line.starts_with(key))
            .cloned()
            .collect();
        assert_eq!(of_key, expected);
    }
}

pub(crate) async fn keys_apart(place: Storing) {
    let heard = Heard::default();
    let (_running, publisher) = place.serve([place.ordered(&heard)]).await;
    (publisher.ordered)("waits", 1)
        .await
        .expect("it is accepted");
    heard.log.until_has("waits 1").await;
    for number in 2..=200 {
        (publisher.ordered)("waits", number)
            .await
            .expect("it is accepted");
    }
    (publisher.ordered)("another", 1)
        .await
        .expect("it is accepted");
    heard.log.until_has("another 1").await;
    assert_eq!(
        heard.log.count("waits 2"),
        0,
        "an event overtook one of its key"
    );
    heard.gates.open(1);
    heard.log.until_has("waits 200").await;
}

pub(crate) async fn drain(place: Storing) {
    let heard = Heard::default();
    let (running, publisher) = place.serve([place.stored(&heard, None)]).await;
    (publisher.stored)("gate").await.expect("it is accepted");
    heard.log.until_has("gate").await;
    for text in ["a", "b"] {
        (publisher.stored)(text).await.expect("it is accepted");
    }
    let stopped = tokio::spawn(running.stop());
    heard.gates.open(1);
    stopped.await.expect("no panic").expect("it stops");
    assert_eq!(sorted(heard.log.lines()), ["a", "b", "gate"]);
}
