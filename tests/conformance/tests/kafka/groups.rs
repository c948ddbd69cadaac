//! Groups: what is stored outlives its members, and nothing is lost when they change.

use std::collections::HashMap;

use anywire::{App, Running};
use anywire_conformance::{
    Heard,
    conformance::{ChecksPublisher, OrderedSubscriber, StoredSubscriber},
};

use crate::Apart;

async fn stored(apart: &Apart, heard: &Heard) -> Running {
    let subscriber = StoredSubscriber::new(heard.clone()).group("group");
    let app = App::new().subscribe(subscriber.on(apart.connect()));
    app.start().await.expect("it starts")
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_is_stored_waits_for_its_group() {
    let Some(apart) = Apart::new().await else {
        return;
    };
    let heard = Heard::default();
    let publisher = ChecksPublisher::new(apart.connect().await.expect("a client"));
    publisher.stored("before the group").await.expect("stored");

    let running = stored(&apart, &heard).await;
    publisher.stored("here").await.expect("stored");
    heard.log.until_has("here").await;
    running.stop().await.expect("it stops");

    for text in ["away 1", "away 2"] {
        publisher.stored(text).await.expect("stored");
    }
    let running = stored(&apart, &heard).await;
    publisher.stored("back").await.expect("stored");
    for text in ["away 1", "away 2", "back"] {
        heard.log.until_has(text).await;
    }
    running.stop().await.expect("it stops");
    let mut lines = heard.log.lines();
    lines.sort();
    assert_eq!(lines, ["away 1", "away 2", "back", "here"], "each once");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_group_can_begin_where_its_topics_begin() {
    let Some(apart) = Apart::new().await else {
        return;
    };
    let publisher = ChecksPublisher::new(apart.connect().await.expect("a client"));
    publisher.stored("old").await.expect("stored");
    let heard = Heard::default();
    let subscriber = StoredSubscriber::new(heard.clone()).on(apart.connect().from_start());
    let app = App::new().subscribe(subscriber);
    let running = app.start().await.expect("it starts");
    heard.log.until_has("old").await;
    running.stop().await.expect("it stops");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn members_come_and_go_and_every_key_keeps_its_order() {
    const KEYS: usize = 8;
    const EVENTS: u32 = 100;
    let Some(apart) = Apart::new().await else {
        return;
    };
    let heard = Heard::default();
    let member = || async {
        let subscriber = OrderedSubscriber::new(heard.clone()).group("group");
        let app = App::new().subscribe(subscriber.on(apart.connect()));
        app.start().await.expect("it starts")
    };
    let first = member().await;
    let publisher = ChecksPublisher::new(apart.connect().await.expect("a client"));
    let publishing = tokio::spawn(async move {
        for number in 1..=EVENTS {
            for key in 0..KEYS {
                let published = publisher.ordered(format!("key{key}"), number).await;
                published.expect("it is stored");
            }
        }
    });
    heard.log.until(|lines| lines.len() > 50).await;
    let second = member().await;
    heard.log.until(|lines| lines.len() > 300).await;
    first.stop().await.expect("it stops");
    publishing.await.expect("all are published");
    let last = format!("key{} {EVENTS}", KEYS - 1);
    heard.log.until_has(&last).await;
    second.stop().await.expect("it stops");

    // Each key's events came in their order; some again, after others had changed hands.
    let mut last: HashMap<String, u32> = HashMap::new();
    for line in heard.log.lines() {
        let (key, number) = line.split_once(' ').expect("a key and a number");
        let number: u32 = number.parse().expect("a number");
        let before = last.entry(key.to_owned()).or_default();
        assert!(number <= *before + 1, "{line} came after {before}");
        *before = number.max(*before);
    }
    assert_eq!(last.len(), KEYS);
    assert!(last.values().all(|last| *last == EVENTS), "{last:?}");
}
