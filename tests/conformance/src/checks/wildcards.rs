//! Events whose names hold values.

use anywire::{App, CallError, TransportError, Uuid};

use crate::{Heard, Log, named::Role, place::Naming};

fn id(number: u128) -> Uuid {
    Uuid::from_u128(0x6f3c_2c8e_5a0b_4c66_9a3a_2f7d_4f6c_0000 + number)
}

fn sorted(mut lines: Vec<String>) -> Vec<String> {
    lines.sort();
    lines
}

pub(crate) async fn values(place: Naming) {
    let (joined, levels) = (Heard::default(), Heard::default());
    let parts = [place.joined(&joined, None), place.level_reached(&levels)];
    let (_running, publisher) = place.serve(parts).await;
    let text = "a \"text\" \\ 🦀";
    for (role, name) in [(Role::Admin, "admin"), (Role::SuperUser, "superUser")] {
        let sent = publisher.joined(role, id(1), text).await;
        sent.expect("it is sent");
        let line = format!("{name} 6f3c2c8e-5a0b-4c66-9a3a-2f7d4f6c0001 {text}");
        joined.log.until_has(&line).await;
    }
    for level in [0, 1, -1, i32::MAX, i32::MIN] {
        let sent = publisher.level_reached(level, text).await;
        sent.expect("it is sent");
        levels.log.until_has(&format!("{level} {text}")).await;
    }
    assert_eq!(joined.log.lines().len(), 2);
    assert_eq!(levels.log.lines().len(), 5);
}

pub(crate) async fn fan_out(place: Naming) {
    let (one, other) = (Heard::default(), Heard::default());
    let parts = [place.joined(&one, None), place.joined(&other, None)];
    let (_running, publisher) = place.serve(parts).await;
    for number in 0..20 {
        let sent = publisher.joined(Role::Admin, id(number), "a").await;
        sent.expect("it is sent");
    }
    let expected: Vec<_> = (0..20)
        .map(|number| format!("admin {} a", id(number)))
        .collect();
    for heard in [one, other] {
        let lines = heard.log.until(|lines| lines.len() == 20).await;
        assert_eq!(sorted(lines), expected);
    }
}

pub(crate) async fn groups(place: Naming) {
    let heard: [Heard; 3] = Default::default();
    // Suites may run side by side on one broker: each has groups of its own.
    let groups = [Some("green"), Some("green"), None];
    let parts: Vec<_> = heard
        .iter()
        .zip(groups)
        .map(|(heard, group)| place.joined(heard, group))
        .collect();
    let (running, publisher) = place.serve(parts).await;
    // Of different names: it is the subscribers that take turns.
    for number in 0..30 {
        let role = if number % 3 == 0 {
            Role::Admin
        } else {
            Role::SuperUser
        };
        let text = number.to_string();
        let sent = publisher.joined(role, id(number % 2), text.as_str()).await;
        sent.expect("it is sent");
    }
    let [one, other, alone] = &heard;
    alone.log.until(|lines| lines.len() == 30).await;
    for member in [one, other] {
        member.log.until(|lines| !lines.is_empty()).await;
    }
    Log::until_together([&one.log, &other.log], 30).await;
    running.stop().await.expect("it stops");
    let together = [one.log.lines(), other.log.lines()].concat();
    assert_eq!(
        sorted(together),
        sorted(alone.log.lines()),
        "all of a group together"
    );
}

pub(crate) async fn similar(place: Naming) {
    let (heard, similar) = (Heard::default(), Heard::default());
    let parts = [place.joined(&heard, None), place.level_reached(&heard)];
    let parts = parts.into_iter().chain(place.similar(&similar));
    let (running, publisher) = place.serve(parts).await;
    publisher.admin_joined("a").await.expect("it is sent");
    publisher.level_left("a").await.expect("it is sent");
    let sent = publisher.joined(Role::Admin, id(0), "b").await;
    sent.expect("it is sent");
    publisher.level_reached(1, "b").await.expect("it is sent");
    similar.log.until(|lines| lines.len() == 2).await;
    heard.log.until(|lines| lines.len() == 2).await;
    running.stop().await.expect("it stops");
    assert_eq!(similar.log.lines(), ["a", "a"]);
    let expected = ["1 b".to_owned(), format!("admin {} b", id(0))];
    assert_eq!(sorted(heard.log.lines()), expected);
}

pub(crate) async fn refused(place: Naming) {
    let subscriber = place.joined(&Heard::default(), None);
    let started = App::new().subscribe(subscriber).start().await;
    let error = started.expect_err("it cannot be subscribed to").to_string();
    assert!(error.contains("wildcard"), "{error}");
    let (_running, publisher) = place.serve([]).await;
    let sent = publisher.joined(Role::Admin, id(1), "a").await;
    let error = sent.expect_err("it cannot be published");
    assert!(
        matches!(error, CallError::Transport(TransportError::NotCarried(_))),
        "{error:?}"
    );
}
