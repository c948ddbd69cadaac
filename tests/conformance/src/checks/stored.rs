//! Events that must not be lost.

use anywire::{MESSAGE_ID, REMAINING_MS};

use crate::{Heard, Log, place::Storing};

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
    let [one, two, three, red, alone] = &heard;
    Log::until_together([&one.log, &two.log, &three.log], expected.len()).await;
    for log in [&red.log, &alone.log] {
        log.until(|lines| lines.len() >= expected.len()).await;
    }
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

pub(crate) async fn no_deadline(place: Storing) {
    let heard = Heard::default();
    let (_running, store) = place.serve([place.stored(&heard, None)]).await;
    let event = store("late").header(REMAINING_MS, "0");
    event.await.expect("it is accepted");
    heard.log.until_has("late").await;
}

pub(crate) async fn id(place: Storing) {
    let heard = Heard::default();
    let (_running, store) = place.serve([place.stored(&heard, None)]).await;
    store("stumble").await.expect("it is accepted");
    let ids = heard.ids.until(|ids| ids.len() == 3).await;
    assert!(!ids[0].is_empty(), "it has no id");
    assert_eq!([&ids[1], &ids[2]], [&ids[0]; 2]);
    for event in [store("other"), store("own").header(MESSAGE_ID, "my own")] {
        event.await.expect("it is accepted");
    }
    let others = heard.ids.until(|ids| ids.len() == 5).await;
    let is_new = |id: &String| *id != ids[0] && id != "my own";
    assert!(others[3..].iter().any(is_new), "{others:?}");
    assert!(others[3..].contains(&"my own".to_owned()), "{others:?}");
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
