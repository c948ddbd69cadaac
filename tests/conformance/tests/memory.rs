//! What only the transport in memory does.

use anywire::transport::memory::{MAX_CONCURRENT, MAX_QUEUED};
use anywire::{App, CallError, Context, Failure, Memory, On, TransportError};
use anywire_conformance::{
    MoreHandlers,
    conformance::{ChecksPublisher, MoreServer, Ordered, OrderedSubscriber},
};

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
