//! Who gets what.

use std::time::Duration;

use anywire_conformance::Heard;

use crate::{connect, pending, plain, publisher, run, sorted, start, store, subscriber};

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn each_subscriber_and_one_member_of_each_group() {
    let Some(broker) = start().await else { return };
    let heard: [Heard; 6] = Default::default();
    let groups = [
        Some("blue"),
        Some("blue"),
        Some("blue"),
        Some("red"),
        None,
        None,
    ];
    let parts = heard
        .iter()
        .zip(groups)
        .map(|(heard, group)| subscriber(heard, group, connect(&broker)));
    let running = run(parts).await;
    let publisher = publisher(&broker).await;
    let expected: Vec<_> = (100..400).map(|number: u32| number.to_string()).collect();
    for text in &expected {
        store(&publisher, text).await;
    }
    // Whatever is stored by then is handled before the app has stopped.
    running.stop().await.expect("it stops");
    let [one, two, three, red, alone, other] = heard.map(|heard| heard.log.lines());
    for member in [&one, &two, &three] {
        assert!(!member.is_empty(), "a member of the group got nothing");
    }
    assert_eq!(sorted([one, two, three].concat()), expected);
    for everything in [red, alone, other] {
        assert_eq!(sorted(everything), expected);
    }
    assert_eq!(pending(&broker, "blue").await, 0);
    assert_eq!(pending(&broker, "red").await, 0);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn failures() {
    let Some(broker) = start().await else { return };
    for group in [None, Some("blue")] {
        let heard = Heard::default();
        let running = run([subscriber(&heard, group, connect(&broker))]).await;
        let publisher = publisher(&broker).await;
        for text in ["stumble", "panic", "refuse", "last"] {
            store(&publisher, text).await;
        }
        heard.log.until(|lines| lines.len() == 7).await;
        running.stop().await.expect("it stops");
        for (text, times) in [("stumble", 3), ("panic", 2), ("refuse", 1), ("last", 1)] {
            assert_eq!(heard.log.count(text), times, "{text}");
        }
    }
    assert_eq!(pending(&broker, "blue").await, 0);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn stop_finishes_what_is_there() {
    let Some(broker) = start().await else { return };
    let heard = Heard::default();
    let running = run([subscriber(&heard, Some("blue"), connect(&broker))]).await;
    let publisher = publisher(&broker).await;
    store(&publisher, "gate").await;
    heard.log.until_has("gate").await;
    for text in ["a", "b"] {
        store(&publisher, text).await;
    }
    let stopped = tokio::spawn(running.stop());
    heard.gates.open(1);
    stopped.await.expect("no panic").expect("it stops");
    assert_eq!(sorted(heard.log.lines()), ["a", "b", "gate"]);
    assert_eq!(pending(&broker, "blue").await, 0);
}

/// A group stays when its members stop; a new one begins with what comes.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_is_published_meanwhile_waits_for_a_group() {
    let Some(broker) = start().await else { return };
    let publisher = publisher(&broker).await;
    store(&publisher, "before").await;
    let (heard, group) = (Heard::default(), Some("blue"));
    let running = run([subscriber(&heard, group, connect(&broker))]).await;
    running.stop().await.expect("it stops");
    store(&publisher, "meanwhile").await;
    let running = run([subscriber(&heard, group, connect(&broker))]).await;
    heard.log.until_has("meanwhile").await;
    running.stop().await.expect("it stops");
    assert_eq!(heard.log.lines(), ["meanwhile"]);

    for group in [None, Some("red")] {
        let heard = Heard::default();
        let all = connect(&broker).from_start();
        let running = run([subscriber(&heard, group, all)]).await;
        let lines = heard.log.until(|lines| lines.len() == 2).await;
        assert_eq!(sorted(lines), ["before", "meanwhile"]);
        running.stop().await.expect("it stops");
    }
}

/// Another member takes over what one that is gone has left.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_member_that_is_gone() {
    let Some(broker) = start().await else { return };
    let (gone, heard) = (Heard::default(), Heard::default());
    let running = run([subscriber(&gone, Some("blue"), connect(&broker))]).await;
    let publisher = publisher(&broker).await;
    store(&publisher, "gate").await;
    gone.log.until_has("gate").await;
    // As if its process had died.
    drop(running);
    heard.gates.open(1);
    let impatient = connect(&broker).claim_after(Duration::from_millis(300));
    let running = run([subscriber(&heard, Some("blue"), impatient)]).await;
    heard.log.until_has("gate").await;
    running.stop().await.expect("it stops");
    assert_eq!(pending(&broker, "blue").await, 0);
}

/// A member with a name has back what it left, however long others wait.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_member_that_comes_back() {
    let Some(broker) = start().await else { return };
    let heard = Heard::default();
    let named = || connect(&broker).consumer("one");
    let running = run([subscriber(&heard, Some("blue"), named())]).await;
    let publisher = publisher(&broker).await;
    store(&publisher, "gate").await;
    heard.log.until_has("gate").await;
    drop(running);
    heard.gates.open(1);
    let running = run([subscriber(&heard, Some("blue"), named())]).await;
    heard.log.until(|lines| lines.len() == 2).await;
    running.stop().await.expect("it stops");
    assert_eq!(pending(&broker, "blue").await, 0);
}

/// A handler may take longer than others are patient, if its member lives.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_slow_handler_keeps_its_event() {
    let Some(broker) = start().await else { return };
    let (slow, other) = (Heard::default(), Heard::default());
    let impatient = || connect(&broker).claim_after(Duration::from_millis(300));
    let running = run([subscriber(&slow, Some("blue"), impatient())]).await;
    let publisher = publisher(&broker).await;
    store(&publisher, "gate").await;
    slow.log.until_has("gate").await;
    let others = run([subscriber(&other, Some("blue"), impatient())]).await;
    // For as long as others would have taken it over several times.
    let mut connection = plain(&broker).await;
    let began = std::time::Instant::now();
    while began.elapsed() < Duration::from_millis(1500) {
        let _: String = redis::cmd("PING")
            .query_async(&mut connection)
            .await
            .expect("an answer");
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
    slow.gates.open(1);
    running.stop().await.expect("it stops");
    others.stop().await.expect("it stops");
    assert_eq!(slow.log.lines(), ["gate"]);
    assert!(other.log.lines().is_empty());
}
