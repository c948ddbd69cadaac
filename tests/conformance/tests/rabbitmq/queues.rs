//! The queue of requests: who declares it, who shares it, what waits in it.

use std::time::Duration;

use anywire::{App, CallError, RabbitMq, TransportError, transport::ConnectionState};
use anywire_brokers::names;
use anywire_conformance::{
    Handlers, MoreHandlers,
    conformance::{AbsentClient, ChecksClient, ChecksServer, MoreClient, MoreServer},
};
use lapin::{
    Connection, ConnectionProperties,
    options::QueueDeclareOptions,
    types::{AMQPValue, FieldTable},
};

use crate::{connect, serve, soon, start, url};

#[tokio::test(flavor = "multi_thread")]
async fn no_queue_is_no_handler_at_once() {
    let Some(url) = url().await else { return };
    let client = connect(url).await.expect("a client");
    let checks = ChecksClient::new(client.clone());
    for _ in 0..200 {
        let error = soon(checks.echo("a")).await.expect_err("nobody is there");
        assert!(
            matches!(error, CallError::Transport(TransportError::NoHandler)),
            "{error:?}"
        );
        let error = soon(checks.note("a")).await.expect_err("nobody is there");
        assert!(
            matches!(error, CallError::Transport(TransportError::NoHandler)),
            "{error:?}"
        );
    }
    assert_eq!(client.state(), ConnectionState::Connected);
}

#[tokio::test(flavor = "multi_thread")]
async fn many_refused_at_once_are_not_confused_with_others() {
    let Some(url) = url().await else { return };
    // One connection, two queues: each service has its own.
    let own = RabbitMq::connect(url).argument("x-expires", 60_000);
    let _running = start([MoreServer::new(MoreHandlers).on(own.clone())]).await;
    let client = own.await.expect("a client");
    let (more, absent) = (
        MoreClient::new(client.clone()),
        AbsentClient::new(client.clone()),
    );
    // Nobody serves this one in its own queue.
    let checks = ChecksClient::new(client);
    let calls: Vec<_> = (0..300)
        .map(|_| {
            (
                tokio::spawn(more.more()),
                tokio::spawn(absent.absent()),
                tokio::spawn(checks.note("a")),
            )
        })
        .collect();
    let is_refused =
        |error: &CallError| matches!(error, CallError::Transport(TransportError::NoHandler));
    for (there, nowhere, lost) in calls {
        let answer = soon(there).await.expect("no panic").expect("a reply");
        assert_eq!(answer, "more");
        let error = soon(nowhere).await.expect("no panic").expect_err("nobody");
        assert!(is_refused(&error), "{error:?}");
        let error = soon(lost).await.expect("no panic").expect_err("nobody");
        assert!(is_refused(&error), "{error:?}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_request_waits_for_the_next_server() {
    let Some(url) = url().await else { return };
    let listener = connect(url);
    let running = serve(&Handlers::default(), &listener).await;
    let checks = ChecksClient::new(listener.clone().await.expect("a client"));
    assert_eq!(soon(checks.echo("one")).await.expect("an echo"), "one");
    running.stop().await.expect("it stops");

    let waiting = tokio::spawn(checks.echo("two").timeout(Duration::from_secs(30)));
    let given_up = checks.note("a").timeout(Duration::from_secs(30)).await;
    given_up.expect("it waits as well");
    let handlers = Handlers::default();
    let _running = serve(&handlers, &listener).await;
    let echoed = soon(waiting).await.expect("no panic").expect("an echo");
    assert_eq!(echoed, "two");
    soon(handlers.log.until_has("note a")).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_request_that_nobody_waits_for_is_not_handled() {
    let Some(url) = url().await else { return };
    let listener = connect(url);
    let running = serve(&Handlers::default(), &listener).await;
    let checks = ChecksClient::new(listener.clone().await.expect("a client"));
    running.stop().await.expect("it stops");
    let error = checks.wait(1).timeout(Duration::from_millis(50)).await;
    assert!(matches!(error, Err(CallError::Timeout)), "{error:?}");

    let handlers = Handlers::default();
    let _running = serve(&handlers, &listener).await;
    // It comes behind the other one.
    assert_eq!(soon(checks.echo("a")).await.expect("an echo"), "a");
    assert_eq!(handlers.log.count("wait 1"), 0);
}

#[tokio::test(flavor = "multi_thread")]
async fn servers_share_the_load() {
    let Some(url) = url().await else { return };
    let (queue, handlers) = (
        names::unique("queue"),
        [Handlers::default(), Handlers::default()],
    );
    // Not clones of one listener, but as two processes have them.
    let connect = || connect(url).queue(&*queue);
    let one = serve(&handlers[0], &connect()).await;
    let other = serve(&handlers[1], &connect()).await;
    let checks = ChecksClient::new(connect().await.expect("a client"));
    for number in 0..20 {
        soon(checks.note(number.to_string()))
            .await
            .expect("it is sent");
    }
    one.stop().await.expect("it stops");
    other.stop().await.expect("it stops");
    let [one, other] = handlers.map(|handlers| handlers.log.lines().len());
    assert!(one > 0 && other > 0, "{one} and {other}");
    assert_eq!(one + other, 20);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_queue_of_other_arguments_is_told_of() {
    let Some(url) = url().await else { return };
    let queue = names::unique("queue");
    let listener = connect(url).queue(&*queue);
    let _running = serve(&Handlers::default(), &listener).await;
    let other = RabbitMq::connect(url)
        .queue(queue)
        .argument("x-expires", 60_001);
    let other = ChecksServer::new(Handlers::default()).on(other);
    let error = App::new().serve(other).start().await;
    let text = error.expect_err("RabbitMQ refuses it").to_string();
    assert!(
        text.contains("PRECONDITION_FAILED") && text.contains("x-expires"),
        "{text}"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn a_queue_that_is_not_declared_must_be_there() {
    let Some(url) = url().await else { return };
    let listener = connect(url).declare(false);
    let checks = ChecksServer::new(Handlers::default()).on(listener);
    let error = App::new().serve(checks).start().await;
    let text = error.expect_err("it is not there").to_string();
    assert!(text.contains("NOT_FOUND"), "{text}");
}

#[tokio::test(flavor = "multi_thread")]
async fn the_options_of_a_queue() {
    let Some(url) = url().await else { return };
    let quorum = RabbitMq::connect(url)
        .queue(names::unique("quorum"))
        .argument("x-queue-type", "quorum")
        .argument("x-expires", 60_000)
        .ack_when_handled();
    let fleeting = connect(url).durable(false);
    for listener in [quorum, fleeting] {
        let running = serve(&Handlers::default(), &listener).await;
        let checks = ChecksClient::new(listener.await.expect("a client"));
        assert_eq!(soon(checks.echo("a")).await.expect("an echo"), "a");
        running.stop().await.expect("it stops");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_message_that_is_too_large_is_refused() {
    let Some(url) = url().await else { return };
    let listener = connect(url).limits(|limits| limits.max_message = 1000);
    let _running = serve(&Handlers::default(), &listener).await;
    let small = ChecksClient::new(listener.clone().await.expect("a client"));
    let error = soon(small.echo("x".repeat(1000))).await;
    let error = error.expect_err("it is too large");
    assert!(
        matches!(
            error,
            CallError::Transport(TransportError::TooLarge { limit: 1000, .. })
        ),
        "{error:?}"
    );
    // A reply that is too large is told to the caller.
    let large = listener.limits(|limits| limits.max_message = 1 << 20);
    let large = ChecksClient::new(large.await.expect("a client"));
    let error = soon(large.echo("x".repeat(1000))).await;
    let error = error.expect_err("the reply is too large");
    assert_eq!(error.kind(), anywire::Kind::Exhausted, "{error:?}");
    assert_eq!(soon(small.echo("a")).await.expect("an echo"), "a");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_closed_client_refuses() {
    let Some(url) = url().await else { return };
    let listener = connect(url);
    let handlers = Handlers::default();
    let _running = serve(&handlers, &listener).await;
    let client = listener.await.expect("a client");
    let checks = ChecksClient::new(client.clone());
    let waiting = tokio::spawn(checks.wait(1));
    soon(handlers.log.until_has("wait 1")).await;
    soon(client.close()).await;
    assert_eq!(client.state(), ConnectionState::Closed);
    for closed in [
        soon(waiting).await.expect("no panic"),
        soon(checks.wait(2)).await,
    ] {
        assert!(
            matches!(closed, Err(CallError::Transport(TransportError::Closed))),
            "{closed:?}"
        );
    }
    // And once more, for whoever has another handle.
    soon(client.close()).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn calls_beyond_the_limit_are_refused() {
    let Some(url) = url().await else { return };
    let listener = connect(url).limits(|limits| limits.max_calls = 2);
    let handlers = Handlers::default();
    let _running = serve(&handlers, &listener).await;
    let checks = ChecksClient::new(listener.await.expect("a client"));
    let waiting = [tokio::spawn(checks.wait(1)), tokio::spawn(checks.wait(1))];
    soon(handlers.log.until(|lines| lines.len() == 2)).await;
    let error = soon(checks.echo("a")).await.expect_err("one too many");
    assert!(
        matches!(error, CallError::Transport(TransportError::Overloaded(_))),
        "{error:?}"
    );
    handlers.gates.open(1);
    for waiting in waiting {
        soon(waiting).await.expect("no panic").expect("a reply");
    }
}

/// One-way messages are confirmed, so that a queue can refuse them; of a request
/// the reply is missing.
#[tokio::test(flavor = "multi_thread")]
async fn a_queue_that_is_full() {
    let Some(url) = url().await else { return };
    let queue = names::unique("full");
    let mut full = FieldTable::default();
    full.insert("x-expires".into(), AMQPValue::LongInt(60_000));
    full.insert("x-max-length".into(), AMQPValue::LongInt(1));
    let refuses = AMQPValue::LongString("reject-publish".into());
    full.insert("x-overflow".into(), refuses);
    declare(url, &queue, QueueDeclareOptions::default(), full).await;

    let checks = ChecksClient::new(connect(url).queue(&queue).await.expect("a client"));
    soon(checks.note("a")).await.expect("there is room for one");
    let error = soon(checks.note("b")).await.expect_err("it is full");
    assert!(
        matches!(error, CallError::Transport(TransportError::Overloaded(_))),
        "{error:?}"
    );
    let echo = checks.echo("c").timeout(Duration::from_millis(200));
    let error = soon(echo).await.expect_err("nobody answers");
    assert!(matches!(error, CallError::Timeout), "{error:?}");
}

/// Messages are acknowledged together, a little later; a server that stops does
/// not leave them to the next one.
#[tokio::test(flavor = "multi_thread")]
async fn what_was_answered_is_not_left_in_the_queue() {
    let Some(url) = url().await else { return };
    let queue = names::unique("left");
    let listener = connect(url).queue(&queue);
    let checks = ChecksClient::new(listener.clone().await.expect("a client"));
    for max_in_flight in [1, 8, 1024] {
        let listener = listener.clone();
        let listener = listener.limits(|limits| limits.max_in_flight = max_in_flight);
        let running = serve(&Handlers::default(), &listener).await;
        let echoes = (0..100).map(|_| tokio::spawn(checks.echo("a")));
        for echo in echoes.collect::<Vec<_>>() {
            soon(echo).await.expect("no panic").expect("an echo");
        }
        soon(running.stop()).await.expect("it stops");
        let there = QueueDeclareOptions {
            passive: true,
            ..QueueDeclareOptions::default()
        };
        let left = declare(url, &queue, there, FieldTable::default()).await;
        assert_eq!(left, 0, "with {max_in_flight} in flight");
    }
}

/// Declares a queue; returns how many messages are in it.
async fn declare(url: &str, queue: &str, options: QueueDeclareOptions, table: FieldTable) -> u32 {
    let connection = Connection::connect(url, ConnectionProperties::default())
        .await
        .expect("a connection");
    let channel = connection.create_channel().await.expect("a channel");
    let queue = channel.queue_declare(queue.into(), options, table).await;
    queue.expect("a queue").message_count()
}

/// RabbitMQ closes the channel of requests where it refuses one, and says why.
#[tokio::test(flavor = "multi_thread")]
async fn a_request_by_an_exchange_that_is_not_there() {
    let Some(url) = url().await else { return };
    let listener = connect(url).requests_to_exchange().declare(false);
    let checks = ChecksClient::new(listener.await.expect("a client"));
    let error = soon(checks.echo("a")).await.expect_err("it is not there");
    let text = error.to_string();
    assert!(text.contains("no exchange"), "{text}");
}

/// Two queues, one exchange: the route says which of them a request is for.
#[tokio::test(flavor = "multi_thread")]
async fn requests_by_the_exchange() {
    let Some(url) = url().await else { return };
    let exchange = names::unique("exchange");
    let by_exchange = || connect(url).exchange(&exchange).requests_to_exchange();
    // The clients are there first, and so declare the exchange.
    let client = by_exchange().await.expect("a client");
    let checks = ChecksClient::new(client.clone());
    let more = MoreClient::new(client.clone());
    let is_refused =
        |error: &CallError| matches!(error, CallError::Transport(TransportError::NoHandler));
    let error = soon(more.more()).await.expect_err("nobody is there");
    assert!(is_refused(&error), "{error:?}");
    let error = soon(checks.note("a")).await.expect_err("nobody is there");
    assert!(is_refused(&error), "{error:?}");

    let handlers = Handlers::default();
    let _running = serve(&handlers, &by_exchange()).await;
    let _more = start([MoreServer::new(MoreHandlers).on(by_exchange())]).await;
    assert_eq!(soon(checks.echo("a")).await.expect("an echo"), "a");
    soon(checks.note("a")).await.expect("it is sent");
    soon(handlers.log.until_has("note a")).await;
    assert_eq!(soon(more.more()).await.expect("a reply"), "more");
    assert_eq!(client.state(), ConnectionState::Connected);
}

#[tokio::test(flavor = "multi_thread")]
async fn clones_bind_their_queue_for_what_each_serves() {
    let Some(url) = url().await else { return };
    let listener = connect(url).requests_to_exchange();
    let _running = start([
        ChecksServer::new(Handlers::default()).on(listener.clone()),
        MoreServer::new(MoreHandlers).on(listener.clone()),
    ])
    .await;
    let client = listener.await.expect("a client");
    let echoed = soon(ChecksClient::new(client.clone()).echo("a")).await;
    assert_eq!(echoed.expect("an echo"), "a");
    let answer = soon(MoreClient::new(client).more()).await;
    assert_eq!(answer.expect("a reply"), "more");
}
