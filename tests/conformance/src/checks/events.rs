//! Messages without an answer, and events that may be lost.

use anywire::App;

use crate::{Heard, Log, place::Announcing};

fn texts(numbers: std::ops::Range<u32>) -> Vec<String> {
    numbers.map(|number| number.to_string()).collect()
}

fn sorted(mut lines: Vec<String>) -> Vec<String> {
    lines.sort();
    lines
}

pub(crate) async fn oneway(place: Announcing) {
    let heard = Heard::default();
    let (_running, clients) = place.serve([place.notes(&heard)]).await;
    let line = "a \"line\" \\ 🦀";
    clients.notes.jot(line).await.expect("it is sent");
    heard.log.until_has(line).await;
}

pub(crate) async fn fan_out(place: Announcing) {
    let heard: [Heard; 3] = Default::default();
    let parts: Vec<_> = heard
        .iter()
        .map(|heard| place.announced(heard, None))
        .collect();
    let (_running, clients) = place.serve(parts).await;
    let expected = texts(10..60);
    for text in &expected {
        clients.publisher.announced(text).await.expect("it is sent");
    }
    for heard in &heard {
        let lines = heard.log.until(|lines| lines.len() == 50).await;
        assert_eq!(sorted(lines), expected);
    }
}

pub(crate) async fn groups(place: Announcing) {
    let heard: [Heard; 3] = Default::default();
    let groups = [Some("blue"), Some("blue"), None];
    let parts: Vec<_> = heard
        .iter()
        .zip(groups)
        .map(|(heard, group)| place.announced(heard, group))
        .collect();
    let (running, clients) = place.serve(parts).await;
    for text in texts(10..40) {
        clients.publisher.announced(text).await.expect("it is sent");
    }
    let [one, other, alone] = &heard;
    let expected = alone.log.until(|lines| lines.len() == 30).await.len();
    let members = one.log.until(|lines| !lines.is_empty()).await.len()
        + other.log.until(|lines| !lines.is_empty()).await.len();
    assert!(members <= expected, "a member of the group got too much");
    Log::until_together([&one.log, &other.log], expected).await;
    running.stop().await.expect("it stops");
    let together = [one.log.lines(), other.log.lines()].concat();
    assert_eq!(
        sorted(together),
        sorted(alone.log.lines()),
        "all of a group together"
    );
}

pub(crate) async fn groups_refused(place: Announcing) {
    let subscriber = place.announced(&Heard::default(), Some("blue"));
    let started = App::new().subscribe(subscriber).start().await;
    let error = started.expect_err("the group cannot be kept").to_string();
    assert!(error.contains("group"), "{error}");
}

pub(crate) async fn failing_subscriber(place: Announcing) {
    let heard = Heard::default();
    let (running, clients) = place.serve([place.announced(&heard, None)]).await;
    for text in ["stumble", "refuse", "panic", "gate", "last"] {
        clients.publisher.announced(text).await.expect("it is sent");
    }
    heard.log.until_has("last").await;
    heard.gates.open(1);
    // An event that may be lost is not delivered again.
    running.stop().await.expect("nothing hangs");
    assert_eq!(heard.log.count("stumble"), 1);
    assert_eq!(heard.log.count("panic"), 1);
}
