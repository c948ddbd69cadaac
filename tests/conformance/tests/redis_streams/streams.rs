//! The streams themselves, and what they cannot carry.

use anywire::{
    App, CallError, Context, Failure, On, OrInternal as _, RedisStreams, TransportError,
};
use anywire_conformance::{Heard, Log};

use crate::{connect, pending, plain, run, start, store, subscriber};

#[anywire::contract(package = "streams.v1")]
mod streams {
    /// What is stored in streams.
    #[service]
    pub trait Streams {
        #[event("streams.{room}.said", delivery = at_least_once)]
        fn said(room: u32);

        #[event("streams.noted")]
        fn noted(#[payload] text: String);
    }
}

use streams::{Noted, NotedSubscriber, Said, SaidSubscriber, StreamsPublisher};

#[derive(Clone, Default)]
struct Handlers(Log);

impl On<Said> for Handlers {
    async fn on(&self, _: &Context, _: Said) -> Result<(), Failure> {
        Ok(())
    }
}

impl On<Noted> for Handlers {
    async fn on(&self, cx: &Context, event: Noted) -> Result<(), Failure> {
        let traced = cx.headers().get("traceparent").unwrap_or("none").to_owned();
        let id = cx.headers().get("anywire-message-id").map(str::len);
        self.0.add(format!("{} {traced} {id:?}", event.0));
        if event.0 == "fails" {
            Err("which would be tried again otherwise").internal()?;
        }
        Ok(())
    }
}

#[tokio::test]
async fn wildcards_are_refused() {
    let Some(broker) = start().await else { return };
    let app = App::new().subscribe(SaidSubscriber::new(Handlers::default()).on(connect(&broker)));
    let error = app.start().await.expect_err("it cannot be subscribed to");
    assert!(error.to_string().contains("wildcards"), "{error}");
    let publisher = StreamsPublisher::new(connect(&broker).await.expect("a publisher"));
    let error = publisher.said(1).await.expect_err("it cannot be published");
    assert!(
        matches!(&error, CallError::Transport(TransportError::NotCarried(_))),
        "{error:?}"
    );
}

/// Events that may be lost are carried as well, and are not kept for anybody.
#[tokio::test]
async fn at_most_once() {
    let Some(broker) = start().await else { return };
    for group in [None, Some("blue")] {
        let handlers = Handlers::default();
        let noted = NotedSubscriber::new(handlers.clone());
        let noted = match group {
            Some(group) => noted.group(group),
            None => noted,
        };
        let running = App::new().subscribe(noted.on(connect(&broker)));
        let running = running.start().await.expect("the app starts");
        let streams: RedisStreams = connect(&broker).await.expect("a publisher");
        let publisher = StreamsPublisher::new(streams);
        publisher.noted("fails").await.expect("it is stored");
        let noted = publisher.noted("is fine").header("traceparent", "00-ab");
        noted.await.expect("it is stored");
        handlers.0.until(|lines| lines.len() == 2).await;
        running.stop().await.expect("it stops");
        let mut lines = handlers.0.lines();
        lines.sort();
        assert_eq!(lines, ["fails none Some(32)", "is fine 00-ab Some(32)"]);
    }
}

#[tokio::test]
async fn entries_of_others_harm_nobody() {
    let Some(broker) = start().await else { return };
    let heard = Heard::default();
    let running = run([subscriber(&heard, Some("blue"), connect(&broker))]).await;
    let mut connection = plain(&broker).await;
    for (field, value) in [
        ("x", "y"),
        ("payload", "no JSON"),
        ("payload", ""),
        ("payload", r#"{"text":7}"#),
        ("payload", r#"{"text":"by hand"}"#),
    ] {
        let mut command = redis::cmd("XADD");
        command
            .arg("conformance.stored")
            .arg("*")
            .arg(field)
            .arg(value);
        command.arg("headers").arg("{");
        let added = command.query_async::<String>(&mut connection).await;
        added.expect("it is added");
    }
    heard.log.until_has("by hand").await;
    running.stop().await.expect("it stops");
    assert_eq!(heard.log.lines(), ["by hand"]);
    assert_eq!(pending(&broker, "blue").await, 0);
}

#[tokio::test]
async fn streams_are_trimmed() {
    let Some(broker) = start().await else { return };
    let short = connect(&broker).max_len(100).await.expect("a publisher");
    let publisher = anywire_conformance::conformance::ChecksPublisher::new(short);
    for _ in 0..1000 {
        store(&publisher, "x").await;
    }
    let length = redis::cmd("XLEN")
        .arg("conformance.stored")
        .query_async::<usize>(&mut plain(&broker).await)
        .await
        .expect("a length");
    // Redis trims whole nodes, of a hundred entries each.
    assert!((100..400).contains(&length), "{length} entries");
}
