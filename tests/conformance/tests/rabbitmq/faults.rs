//! A broker that is killed and comes back.

use std::{fmt, time::Duration};

use anywire::{
    App, CallError, ContractError, Kind, RabbitMq, TransportError, transport::ConnectionState,
};
use anywire_brokers::{RabbitMq as Server, unless_missing};
use anywire_conformance::{
    Handlers, Heard, Log, MoreHandlers, Streamers,
    conformance::{
        ChecksClient, ChecksPublisher, ChecksServer, MoreClient, MoreServer, StoredSubscriber,
    },
    streaming::{StreamingClient, StreamingServer},
};

use tokio::io::AsyncReadExt as _;

use crate::{in_time, soon};

#[tokio::test(flavor = "multi_thread")]
async fn everything_goes_on_after_a_crash() {
    let Some(broker) = unless_missing(Server::new().start().await) else {
        return;
    };
    let connect = || RabbitMq::connect(broker.url());
    let handlers = Handlers::default();
    let (alone, member) = (Heard::default(), Heard::default());
    let app = App::new()
        .serve(ChecksServer::new(handlers.clone()).on(connect()))
        .subscribe(StoredSubscriber::new(alone.clone()).on(connect()))
        .subscribe(
            StoredSubscriber::new(member.clone())
                .group("blue")
                .on(connect()),
        );
    let running = app.start().await.expect("it starts");
    let client = connect().await.expect("a client");
    let checks = ChecksClient::new(client.clone());
    let publisher = ChecksPublisher::new(client.clone());
    assert_eq!(soon(checks.echo("a")).await.expect("an echo"), "a");

    // Under way when it ends: a request, and an event that both hold.
    let waiting: Vec<_> = (0..20).map(|_| tokio::spawn(checks.wait(1))).collect();
    soon(handlers.log.until(|lines| lines.len() == waiting.len())).await;
    soon(publisher.stored("gate"))
        .await
        .expect("it is accepted");
    for heard in [&alone, &member] {
        soon(heard.log.until_has("gate")).await;
    }
    broker.kill().await;
    for call in waiting {
        let failed = soon(call).await.expect("no panic");
        assert!(
            matches!(failed, Err(CallError::Transport(TransportError::Closed))),
            "{failed:?}"
        );
    }
    soon(client.until(ConnectionState::Reconnecting)).await;
    for refused in [
        soon(checks.echo("b"))
            .await
            .map(drop)
            .map_err(|error| error.to_string()),
        soon(publisher.stored("b"))
            .await
            .map_err(|error| error.to_string()),
    ] {
        let text = refused.expect_err("there is no connection");
        assert!(text.contains("cannot connect"), "{text}");
    }

    broker.start_again().await.expect("it is back");
    soon(client.until(ConnectionState::Connected)).await;
    // Its queue is still there, with or without its server.
    let echoed = checks.echo("c").timeout(Duration::from_secs(30)).await;
    assert_eq!(echoed.expect("an echo"), "c");
    soon(publisher.stored("c")).await.expect("it is accepted");
    for (who, heard) in [("the one alone", &alone), ("the member", &member)] {
        let came = in_time(heard.log.until_has("c")).await;
        let gates = heard.log.count("gate");
        assert!(
            came.is_some(),
            "{who} has not heard it, but {gates} times what came before"
        );
        // What was not acknowledged has come again.
        soon(
            heard
                .log
                .until(|lines| lines.iter().filter(|line| *line == "gate").count() == 2),
        )
        .await;
        heard.gates.open(1);
    }
    handlers.gates.open(1);
    running.stop().await.expect("it stops");
    soon(client.close()).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_reply_that_the_broker_refuses_harms_no_other() {
    let broker = Server::new().max_message(100_000).start().await;
    let Some(broker) = unless_missing(broker) else {
        return;
    };
    let connect = || RabbitMq::connect(broker.url());
    let streamers = Streamers::default();
    let streaming = StreamingServer::new(streamers.clone()).on(connect());
    let running = App::new().serve(streaming).start().await;
    let running = running.expect("it starts");
    let client = StreamingClient::new(connect().await.expect("a client"));
    for number in 0..3 {
        let gate = number * 2;
        streamers.gates.open(gate);
        let mut follow = client.follow(gate, 2);
        let first = soon(follow.next()).await.expect("a value");
        assert_eq!(first.expect("a value"), 0);

        // The broker closes the channel on a value that is too large for it.
        let mut values = client.flood(number, 200_000);
        assert_lost(soon(values.next()).await);
        assert_eq!(soon(client.ping(number)).await.expect("a reply"), number);

        // Nobody knows what became of the first value, had it been on its way.
        streamers.gates.open(gate + 1);
        assert_lost(soon(follow.next()).await);
    }
    running.stop().await.expect("it stops");
}

fn assert_lost<T: fmt::Debug, E: ContractError + fmt::Debug>(
    item: Option<Result<T, CallError<E>>>,
) {
    let error = item.expect("an error").expect_err("its channel is lost");
    assert_eq!(error.kind(), Kind::Unavailable, "{error:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_queue_is_bound_again_for_all_that_is_served() {
    let Some(broker) = unless_missing(Server::new().start().await) else {
        return;
    };
    // The crash takes the queue with it, and what that was bound for.
    let listener = RabbitMq::connect(broker.url()).queue("both").durable(false);
    let listener = listener.requests_to_exchange();
    let app = App::new()
        .serve(ChecksServer::new(Handlers::default()).on(listener.clone()))
        .serve(MoreServer::new(MoreHandlers).on(listener.clone()));
    let running = app.start().await.expect("it starts");
    let client = listener.await.expect("a client");
    broker.kill().await;
    soon(client.until(ConnectionState::Reconnecting)).await;
    broker.start_again().await.expect("it comes back");

    let checks = ChecksClient::new(client.clone());
    soon(async {
        // The client may be back before the server.
        while checks.echo("a").await.is_err() {
            tokio::task::yield_now().await;
        }
    })
    .await;
    let answer = soon(MoreClient::new(client).more()).await;
    assert_eq!(answer.expect("a reply"), "more");
    running.stop().await.expect("it stops");
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_confirmed_outlives_a_crash() {
    let Some(broker) = unless_missing(Server::new().start().await) else {
        return;
    };
    let connect = || RabbitMq::connect(broker.url());
    let heard = Heard::default();
    let subscriber = || {
        let subscriber = StoredSubscriber::new(heard.clone()).group("blue");
        App::new().subscribe(subscriber.on(connect()))
    };
    let running = subscriber().start().await.expect("it starts");
    running.stop().await.expect("it stops");

    // Published for as long as it is there: only what was confirmed counts.
    let publisher = ChecksPublisher::new(connect().await.expect("a publisher"));
    let confirmed = Log::default();
    let log = confirmed.clone();
    let publishing = tokio::spawn(async move {
        for number in 0_u32.. {
            let text = number.to_string();
            if publisher.stored(&*text).await.is_err() {
                return;
            }
            log.add(text);
        }
    });
    soon(confirmed.until(|lines| lines.len() >= 50)).await;
    broker.kill().await;
    soon(publishing).await.expect("no panic");
    let confirmed = confirmed.lines();

    broker.start_again().await.expect("it is back");
    let running = subscriber().start().await.expect("it starts");
    let handled = |lines: &[String]| confirmed.iter().all(|text| lines.contains(text));
    soon(heard.log.until(handled)).await;
    running.stop().await.expect("it stops");
}

#[tokio::test(flavor = "multi_thread")]
async fn nothing_hangs_without_a_broker() {
    let Some(broker) = unless_missing(Server::new().start().await) else {
        return;
    };
    let connect = || RabbitMq::connect(broker.url());
    let (handlers, heard) = (Handlers::default(), Heard::default());
    let app = App::new()
        .serve(ChecksServer::new(handlers.clone()).on(connect()))
        .subscribe(StoredSubscriber::new(heard.clone()).on(connect()));
    let running = app.start().await.expect("it starts");
    let client = connect().await.expect("a client");
    let checks = ChecksClient::new(client.clone());
    let waiting = tokio::spawn(checks.wait(1));
    soon(handlers.log.until_has("wait 1")).await;
    broker.kill().await;
    soon(waiting)
        .await
        .expect("no panic")
        .expect_err("the connection is lost");
    handlers.gates.open(1);
    soon(running.stop()).await.expect("it stops");
    soon(client.close()).await;
    let error = connect().await.expect_err("nobody is there");
    assert!(
        matches!(error, TransportError::Unreachable { .. }),
        "{error:?}"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn a_peer_that_says_nothing_is_given_up() {
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0")
        .await
        .expect("a free port");
    let address = listener.local_addr().expect("an address");
    // The sockets that it was left by are closed by the other side.
    let closed = tokio::spawn(async move {
        for _ in 0..3 {
            let (mut peer, _) = listener.accept().await.expect("a connection");
            let mut greeting = Vec::new();
            let read = peer.read_to_end(&mut greeting).await;
            assert!(read.is_ok_and(|read| read == 8), "{greeting:?}");
        }
    });
    for _ in 0..3 {
        let connect = RabbitMq::connect(format!("amqp://{address}"))
            .connect_timeout(Duration::from_millis(100));
        let error = soon(async { connect.await }).await;
        let error = error.expect_err("it does not answer");
        assert!(error.to_string().contains("no answer in time"), "{error}");
    }
    soon(closed).await.expect("all are closed");
}
