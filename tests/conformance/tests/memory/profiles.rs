//! What `Memory` does as the transport that it stands for, beside what the
//! suite shows of every one.

use anywire::{App, Kafka, Memory, RedisStreams, StartError};
use anywire_conformance::{
    Heard,
    conformance::{ChecksPublisher, OrderedSubscriber},
    named::JoinedSubscriber,
};

#[tokio::test]
async fn redis_streams_have_no_wildcards() {
    let memory = Memory::like::<RedisStreams>();
    let subscriber = JoinedSubscriber::new(Heard::default()).on(memory);
    let started = App::new().subscribe(subscriber).start().await;
    let error: StartError = started.expect_err("its name has wildcards");
    assert!(error.to_string().contains("RedisStreams"), "{error}");
}

/// Two members that share the events of a key could not keep their order.
#[tokio::test]
async fn one_member_of_a_group_gets_all_events_of_a_key() {
    let memory = Memory::like::<Kafka>();
    let heard: [Heard; 3] = Default::default();
    let app = heard.iter().fold(App::new(), |app, heard| {
        let member = OrderedSubscriber::new(heard.clone()).group("all");
        app.subscribe(member.on(memory.clone()))
    });
    let running = app.start().await.expect("the app starts");
    let publisher = ChecksPublisher::new(memory);
    let keys: Vec<_> = (0..30).map(|key| format!("key{key}")).collect();
    for number in 0..3 {
        for key in &keys {
            publisher
                .ordered(key, number)
                .await
                .expect("it is accepted");
        }
    }
    running.stop().await.expect("it stops");
    for key in &keys {
        let of_key = |heard: &Heard| -> Vec<String> {
            let lines = heard.log.lines();
            let prefix = format!("{key} ");
            lines
                .into_iter()
                .filter(|line| line.starts_with(&prefix))
                .collect()
        };
        let shares: Vec<_> = heard
            .iter()
            .map(of_key)
            .filter(|lines| !lines.is_empty())
            .collect();
        let expected: Vec<_> = (0..3).map(|number| format!("{key} {number}")).collect();
        assert_eq!(shares, [expected]);
    }
    for member in &heard {
        assert!(!member.log.lines().is_empty(), "a member got nothing");
    }
}
