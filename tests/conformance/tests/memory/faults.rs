//! What goes wrong on purpose, and what does not all the same. Time is paused:
//! whatever waits has its end at once, and at the exact millisecond.

use std::time::Duration;

use anywire::{
    App, Bound, BoxError, CallError, ClientService, Context, Failure, Kafka, Memory, Nats, On,
    OrInternal as _, RabbitMq, Reply, Request, Running, TransportError,
};
use anywire_conformance::{
    Handlers, Heard, Log, Streamers,
    conformance::{
        Announced, AnnouncedSubscriber, ChecksClient, ChecksPublisher, ChecksServer,
        OrderedSubscriber, Stored, StoredSubscriber,
    },
    streaming::{StreamingClient, StreamingServer},
};
use tokio::time::Instant;
use tower::{ServiceExt as _, layer::layer_fn, service_fn};

async fn start(bound: Bound) -> Running {
    let running = App::new().serve(bound).start().await;
    running.expect("the app starts")
}

fn is_timeout<T, E>(outcome: Result<T, CallError<E>>) -> bool {
    matches!(outcome, Err(CallError::Timeout))
}

#[tokio::test(start_paused = true)]
async fn a_lost_request_reaches_nobody() {
    let (memory, handlers) = (Memory::like::<Nats>(), Handlers::default());
    let _running = start(ChecksServer::new(handlers.clone()).on(memory.clone())).await;
    let client = ChecksClient::new(memory.clone());
    handlers.gates.open(1);
    memory.faults(|faults| faults.lose_next(1));
    let begun = Instant::now();
    assert!(is_timeout(client.wait(1).await));
    assert_eq!(begun.elapsed().as_secs(), 60, "the contract's timeout");
    assert_eq!(handlers.log.count("wait 1"), 0);
    assert_eq!(client.wait(1).await.expect("an answer"), 1);
}

#[tokio::test(start_paused = true)]
async fn a_lost_reply_is_that_of_a_handler_that_has_worked() {
    let (memory, handlers) = (Memory::like::<Nats>(), Handlers::default());
    let running = start(ChecksServer::new(handlers.clone()).on(memory.clone())).await;
    let client = ChecksClient::new(memory.clone());
    handlers.gates.open(1);
    memory.faults(|faults| faults.lose_next_replies(1));
    let lost = tokio::spawn(client.wait(1));
    handlers.log.until_has("left 1").await;
    // Nobody waits for the reply but its caller.
    running.stop().await.expect("it stops");
    assert!(is_timeout(lost.await.expect("no panic")));
}

#[tokio::test(start_paused = true)]
async fn an_event_that_may_be_lost_is_lost_without_a_word() {
    let (memory, heard) = (Memory::like::<Nats>(), Heard::default());
    let _running = start(AnnouncedSubscriber::new(heard.clone()).on(memory.clone())).await;
    let publisher = ChecksPublisher::new(memory.clone());
    memory.faults(|faults| faults.lose_next(2));
    for text in ["a", "b", "c"] {
        publisher.announced(text).await.expect("it is sent");
    }
    heard.log.until_has("c").await;
    assert_eq!(heard.log.lines(), ["c"]);
}

#[tokio::test(start_paused = true)]
async fn an_event_that_may_be_lost_does_not_come_twice() {
    let (memory, heard) = (Memory::like::<RabbitMq>(), Heard::default());
    let running = start(AnnouncedSubscriber::new(heard.clone()).on(memory.clone())).await;
    let publisher = ChecksPublisher::new(memory.clone());
    memory.faults(|faults| faults.duplicate(1.0));
    publisher.announced("a").await.expect("it is sent");
    running.stop().await.expect("it stops");
    assert_eq!(heard.log.lines(), ["a"]);
}

#[tokio::test(start_paused = true)]
async fn a_stored_event_that_is_lost_was_not_accepted() {
    let (memory, heard) = (Memory::like::<Kafka>(), Heard::default());
    let running = start(StoredSubscriber::new(heard.clone()).on(memory.clone())).await;
    let publisher = ChecksPublisher::new(memory.clone());
    memory.faults(|faults| faults.lose_next(1).lose_next_replies(1));
    assert!(is_timeout(publisher.stored("never stored").await));
    assert!(is_timeout(publisher.stored("not confirmed").await));
    publisher.stored("well").await.expect("it is accepted");
    running.stop().await.expect("it stops");
    assert_eq!(heard.log.lines(), ["not confirmed", "well"]);
}

#[tokio::test(start_paused = true)]
async fn a_stored_event_comes_twice_with_one_id() {
    let (memory, heard) = (Memory::like::<Kafka>(), Heard::default());
    let running = start(StoredSubscriber::new(heard.clone()).on(memory.clone())).await;
    let publisher = ChecksPublisher::new(memory.clone());
    memory.faults(|faults| faults.duplicate_next(1));
    for text in ["a", "b"] {
        publisher.stored(text).await.expect("it is accepted");
    }
    running.stop().await.expect("it stops");
    assert_eq!(heard.log.lines(), ["a", "a", "b"]);
    let ids = heard.ids.lines();
    assert_eq!(ids[0], ids[1]);
    assert_ne!(ids[0], ids[2]);
}

/// Sends a request, and once more if nobody answers in a second.
async fn twice(client: ClientService, request: Request) -> Result<Reply, BoxError> {
    let again = request.try_clone().ok_or("it is a stream")?;
    let second = Duration::from_secs(1);
    match tokio::time::timeout(second, client.clone().oneshot(request)).await {
        Ok(reply) => Ok(reply?),
        Err(_) => Ok(client.oneshot(again).await?),
    }
}

#[tokio::test(start_paused = true)]
async fn a_layer_that_tries_again_keeps_the_id() {
    let (memory, heard) = (Memory::like::<Kafka>(), Heard::default());
    let running = start(StoredSubscriber::new(heard.clone()).on(memory.clone())).await;
    let retries =
        layer_fn(|client: ClientService| service_fn(move |request| twice(client.clone(), request)));
    let publisher = ChecksPublisher::new(memory.clone()).layer(&retries);
    memory.faults(|faults| faults.lose_next_replies(1));
    publisher.stored("a").await.expect("it is accepted");
    running.stop().await.expect("it stops");
    let ids = heard.ids.lines();
    assert_eq!((ids.len(), &ids[0]), (2, &ids[1]));
}

#[tokio::test(start_paused = true)]
async fn events_are_held_back_and_turned_round() {
    let (memory, heard) = (Memory::like::<Nats>(), Heard::default());
    let running = start(AnnouncedSubscriber::new(heard.clone()).on(memory.clone())).await;
    let publisher = ChecksPublisher::new(memory.clone());
    memory.faults(|faults| faults.reorder(3));
    let begun = Instant::now();
    for text in ["a", "b", "c", "d", "e"] {
        publisher.announced(text).await.expect("it is sent");
    }
    // For the last two there is no third one.
    heard.log.until(|lines| lines.len() == 5).await;
    assert!(begun.elapsed() >= Duration::from_millis(100));
    for text in ["f", "g"] {
        publisher.announced(text).await.expect("it is sent");
    }
    running.stop().await.expect("it stops");
    assert_eq!(heard.log.lines(), ["c", "b", "a", "e", "d", "g", "f"]);
}

#[tokio::test(start_paused = true)]
async fn events_of_one_key_are_not_turned_round() {
    let (memory, heard) = (Memory::like::<Kafka>(), Heard::default());
    let running = start(OrderedSubscriber::new(heard.clone()).on(memory.clone())).await;
    let publisher = ChecksPublisher::new(memory.clone());
    memory.faults(|faults| faults.reorder(4).duplicate_next(1));
    for (key, number) in [("a", 1), ("b", 1), ("a", 2)] {
        publisher
            .ordered(key, number)
            .await
            .expect("it is accepted");
    }
    // It does not overtake what is held back.
    memory.faults(|faults| faults);
    publisher.ordered("a", 3).await.expect("it is accepted");
    running.stop().await.expect("it stops");
    assert_eq!(heard.log.lines(), ["b 1", "a 1", "a 1", "a 2", "a 3"]);
}

#[tokio::test(start_paused = true)]
async fn only_one_operation_has_faults() {
    let (memory, heard) = (Memory::new(), Heard::default());
    let app = App::new()
        .subscribe(AnnouncedSubscriber::new(heard.clone()).on(memory.clone()))
        .subscribe(StoredSubscriber::new(heard.clone()).on(memory.clone()));
    let running = app.start().await.expect("the app starts");
    let publisher = ChecksPublisher::new(memory.clone());
    memory.faults(|faults| faults.lose(1.0).only::<Announced>());
    publisher.announced("lost").await.expect("it is sent");
    publisher.stored("kept").await.expect("it is accepted");
    running.stop().await.expect("it stops");
    assert_eq!(heard.log.lines(), ["kept"]);
}

/// Notes when it was called, and fails.
struct Fails(Log, Instant);

impl On<Stored> for Fails {
    async fn on(&self, _: &Context, _: Stored) -> Result<(), Failure> {
        self.0.add(self.1.elapsed().as_millis().to_string());
        Err("not today").internal()?
    }
}

#[tokio::test(start_paused = true)]
async fn redelivery_keeps_to_the_paused_clock() {
    let (memory, log) = (Memory::like::<RabbitMq>(), Log::default());
    let fails = Fails(log.clone(), Instant::now());
    let running = start(StoredSubscriber::new(fails).on(memory.clone())).await;
    let publisher = ChecksPublisher::new(memory);
    publisher.stored("a").await.expect("it is accepted");
    let times = log.until(|times| times.len() == 5).await;
    running.stop().await.expect("it stops");
    // Tokio's timers are exact to the millisecond, and never early.
    let times: Vec<u32> = times
        .iter()
        .map(|time| time.parse().expect("a number"))
        .collect();
    for (found, expected) in times.into_iter().zip([0, 100, 300, 700, 1500]) {
        assert!(
            (expected..expected + 6).contains(&found),
            "{found} ms, not {expected}"
        );
    }
}

#[tokio::test(start_paused = true)]
async fn deadlines_keep_to_the_paused_clock() {
    let memory = Memory::new();
    let _running = start(ChecksServer::new(Handlers::default()).on(memory.clone())).await;
    let client = ChecksClient::new(memory);
    // Of the paused clock alone, which is an hour ahead of any other now.
    tokio::time::sleep(Duration::from_secs(3600)).await;
    let call = client.remaining().timeout(Duration::from_secs(20));
    let remaining = call.await.expect("it is not too late");
    assert_eq!(remaining.millis, Some(20_000));
}

/// What is heard of stored events when everything goes wrong that may.
async fn heard_with(seed: u64) -> (Vec<String>, Vec<String>) {
    let (memory, heard) = (Memory::like::<Kafka>(), Heard::default());
    let running = start(StoredSubscriber::new(heard.clone()).on(memory.clone())).await;
    let publisher = ChecksPublisher::new(memory.clone());
    memory.faults(|faults| {
        let faults = faults.lose(0.1).lose_replies(0.1).duplicate(0.2);
        faults.reorder(5).seed(seed)
    });
    let mut accepted = Vec::new();
    for number in 0..200 {
        // Some fail, and are delivered again.
        let text = match number {
            50 => "stumble".to_owned(),
            90 => "panic".to_owned(),
            _ => number.to_string(),
        };
        if publisher.stored(&text).await.is_ok() {
            accepted.push(text);
        }
    }
    running.stop().await.expect("it stops");
    (accepted, heard.log.lines())
}

#[tokio::test(start_paused = true)]
async fn what_happens_once_happens_again() {
    for seed in 1..=5 {
        let (accepted, heard) = heard_with(seed).await;
        assert!((120..200).contains(&accepted.len()), "{}", accepted.len());
        assert!(heard.len() > accepted.len(), "none came twice");
        for text in &accepted {
            assert!(heard.contains(text), "{text} is lost with the seed {seed}");
        }
        assert_eq!(heard_with(seed).await, (accepted, heard));
    }
    assert_ne!(heard_with(1).await, heard_with(2).await);
}

/// A caller without a timeout must not wait for ever.
#[tokio::test(start_paused = true)]
async fn a_lost_stream_ends() {
    let memory = Memory::like::<Nats>();
    let _running = start(StreamingServer::new(Streamers::default()).on(memory.clone())).await;
    let client = StreamingClient::new(memory.clone());
    memory.faults(|faults| faults.lose_next(1));
    let mut call = client.follow(1, 2);
    let error = call.next().await.expect("an end").expect_err("no value");
    assert!(
        matches!(error, CallError::Transport(TransportError::Closed)),
        "{error:?}"
    );
}
