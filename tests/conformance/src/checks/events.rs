//! Messages without an answer, and events that may be lost.

use anywire::App;

use crate::{Handlers, Heard, place::Place};

pub(crate) async fn oneway(place: Place) {
    let handlers = Handlers::default();
    let (_running, clients) = place.serve(&handlers).await;
    let line = "a \"line\" \\ 🦀";
    clients.checks.note(line).await.expect("it is sent");
    handlers.log.until_has(&format!("note {line}")).await;
}

pub(crate) async fn fan_out(place: Place) {
    let heard: [Heard; 3] = Default::default();
    let mut app = App::new();
    for heard in &heard {
        app = app.subscribe(place.announced(heard, None));
    }
    let running = app.start().await.expect("the app starts");
    let clients = place.connect(&running).await;
    for number in 0..50 {
        let text = number.to_string();
        clients
            .publisher
            .announced(text.as_str())
            .await
            .expect("it is sent");
    }
    for heard in &heard {
        let mut lines = heard.log.until(|lines| lines.len() == 50).await;
        lines.sort_by_key(|line| line.parse::<u32>().expect("a number"));
        let expected: Vec<_> = (0..50).map(|number: u32| number.to_string()).collect();
        assert_eq!(lines, expected);
    }
}

pub(crate) async fn groups(place: Place) {
    let heard: [Heard; 3] = Default::default();
    let mut app = App::new();
    for (heard, group) in heard.iter().zip([Some("blue"), Some("blue"), None]) {
        app = app.subscribe(place.announced(heard, group));
    }
    let running = app.start().await.expect("the app starts");
    let clients = place.connect(&running).await;
    for number in 10..40 {
        let text = number.to_string();
        clients
            .publisher
            .announced(text.as_str())
            .await
            .expect("it is sent");
    }
    let [one, other, alone] = &heard;
    let expected = alone.log.until(|lines| lines.len() == 30).await.len();
    let members = one.log.until(|lines| !lines.is_empty()).await.len()
        + other.log.until(|lines| !lines.is_empty()).await.len();
    assert!(members <= expected, "a member of the group got too much");
    // Whatever has arrived is handled before the app has stopped.
    running.stop().await.expect("it stops");
    let mut together = [one.log.lines(), other.log.lines()].concat();
    let mut all = alone.log.lines();
    together.sort();
    all.sort();
    assert_eq!(together, all, "all of a group together");
}

pub(crate) async fn groups_refused(place: Place) {
    let subscriber = place.announced(&Heard::default(), Some("blue"));
    let started = App::new().subscribe(subscriber).start().await;
    let error = started.expect_err("the group cannot be kept").to_string();
    assert!(error.contains("group"), "{error}");
}

pub(crate) async fn failing_subscriber(place: Place) {
    let heard = Heard::default();
    let app = App::new().subscribe(place.announced(&heard, None));
    let running = app.start().await.expect("the app starts");
    let clients = place.connect(&running).await;
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
