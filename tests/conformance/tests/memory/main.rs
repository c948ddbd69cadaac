//! What only the transport in memory does.

mod faults;
mod guide;
mod profiles;

use anywire::transport::memory::{MAX_CONCURRENT, MAX_QUEUED};
use anywire::{App, CallError, Context, Failure, Memory, On, Running, TransportError};
use anywire_conformance::conformance::{ChecksPublisher, MoreServer, Ordered, OrderedSubscriber};
use anywire_conformance::streaming::{
    Item, StreamingClient, StreamingServer, UploadingClient, UploadingServer,
};
use anywire_conformance::{MoreHandlers, Streamers, Uploaders};
use futures_util::stream;

/// Never done with the events of the first key.
struct Stuck;

impl On<Ordered> for Stuck {
    async fn on(&self, _: &Context, _: Ordered) -> Result<(), Failure> {
        std::future::pending().await
    }
}

/// One slow key must not take all of the memory.
#[tokio::test]
async fn a_publisher_is_refused_when_a_key_has_too_many_waiting() {
    let memory = Memory::new();
    let app = App::new().subscribe(OrderedSubscriber::new(Stuck).on(memory.clone()));
    let _running = app.start().await.expect("the app starts");
    let publisher = ChecksPublisher::new(memory);
    let most = 2 * MAX_QUEUED + MAX_CONCURRENT;
    for accepted in 0.. {
        match publisher.ordered("stuck", accepted).await {
            Ok(()) => assert!((accepted as usize) < most, "{accepted} events wait"),
            Err(CallError::Transport(TransportError::Overloaded(_))) => {
                assert!(
                    accepted as usize >= MAX_QUEUED,
                    "only {accepted} events were taken"
                );
                break;
            }
            Err(error) => panic!("expected a refusal, found {error:?}"),
        }
        tokio::task::yield_now().await;
    }
}

#[tokio::test]
async fn a_message_has_one_handler() {
    let memory = Memory::new();
    let more = || MoreServer::new(MoreHandlers).on(memory.clone());
    let app = App::new().serve(more()).serve(more());
    let error = app.start().await.expect_err("two answer the same message");
    assert_eq!(error.name, "More");
    assert!(error.to_string().contains("conformance.more"), "{error}");
}

async fn serve(memory: &Memory, streamers: &Streamers) -> Running {
    let app = App::new()
        .serve(StreamingServer::new(streamers.clone()).on(memory.clone()))
        .serve(UploadingServer::new(Uploaders::default()).on(memory.clone()));
    app.start().await.expect("the app starts")
}

/// It is the caller who drives the handler's stream.
#[tokio::test]
async fn a_dropped_stream_is_dropped_at_its_handler() {
    let (memory, streamers) = (Memory::new(), Streamers::default());
    let running = serve(&memory, &streamers).await;
    let client = StreamingClient::new(memory);
    streamers.gates.open(1);
    let mut call = client.follow(1, 2);
    assert_eq!(call.next().await.expect("a value").expect("a value"), 0);
    assert_eq!(streamers.log.count("left 1"), 0);
    drop(call);
    assert_eq!(streamers.log.count("left 1"), 1);
    // Nothing is waited for.
    running.stop().await.expect("it stops");
}

/// Nothing in it waits, so that it could keep the only thread for itself.
#[tokio::test]
async fn a_stream_without_a_pause_gives_way() {
    let (memory, streamers) = (Memory::new(), Streamers::default());
    let _running = serve(&memory, &streamers).await;
    let client = StreamingClient::new(memory.clone());
    let mut call = client.flood(1, 10u32);
    let taken = tokio::spawn(async move { while let Some(Ok(_)) = call.next().await {} });
    let client = UploadingClient::new(memory);
    let endless = std::iter::repeat_with(|| Item::new(1_u64, "again"));
    let given = tokio::spawn(client.sum(stream::iter(endless)));
    // Both have begun by then.
    streamers.log.until_has("began 1").await;
    for _ in 0..10 {
        tokio::task::yield_now().await;
    }
    for task in [taken.abort_handle(), given.abort_handle()] {
        assert!(!task.is_finished());
        task.abort();
    }
    assert!(taken.await.is_err_and(|error| error.is_cancelled()));
    assert!(given.await.is_err_and(|error| error.is_cancelled()));
}
