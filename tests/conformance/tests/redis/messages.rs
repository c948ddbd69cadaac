//! The messages themselves, beside a peer that speaks plain Redis.

use std::time::Duration;

use anywire::{App, CallError, Context, Failure, On, Redis, Running, TransportError, Values};
use anywire_brokers::{Broker, unless_missing};
use anywire_conformance::Log;
use redis::{AsyncCommands as _, aio::PubSub};

#[anywire::contract(package = "messages.v1")]
mod messages {
    /// What is asked over Redis.
    #[service]
    pub trait Messages {
        #[message({ cmd: "sum", a: 1 })]
        fn sum(#[payload] numbers: Vec<i32>) -> i64;

        #[message("messages.count")]
        fn count(to: u32) -> Stream<u32>;

        #[message("messages.lost")]
        fn lost() -> u32;

        #[event("messages.{room}.said")]
        fn said(room: u32, text: String);

        #[event("messages.told")]
        fn told(#[payload] text: String);
    }
}

use messages::{
    CountRequest, LostRequest, Messages, MessagesClient, MessagesPublisher, MessagesServer, Said,
    SaidSubscriber, Told, ToldSubscriber,
};

#[derive(Clone, Default)]
struct Handlers(Log);

impl Messages for Handlers {
    async fn sum(&self, _: &Context, numbers: Vec<i32>) -> Result<i64, Failure> {
        Ok(numbers.into_iter().map(i64::from).sum())
    }

    async fn count(&self, _: &Context, request: CountRequest) -> Result<Values<u32>, Failure> {
        Ok(Values::of(1..=request.to))
    }

    async fn lost(&self, _: &Context, _: LostRequest) -> Result<u32, Failure> {
        Ok(0)
    }
}

impl On<Said> for Handlers {
    async fn on(&self, _: &Context, event: Said) -> Result<(), Failure> {
        self.0.add(format!("{}: {}", event.room, event.text));
        Ok(())
    }
}

impl On<Told> for Handlers {
    async fn on(&self, _: &Context, event: Told) -> Result<(), Failure> {
        self.0.add(event.0);
        Ok(())
    }
}

/// A server of Redis, with our services on it.
async fn serve(handlers: &Handlers) -> Option<(Broker, Running, Redis)> {
    let broker = unless_missing(anywire_brokers::Redis::new().start().await)?;
    let listen = || Redis::connect(broker.url());
    let running = App::new()
        .serve(MessagesServer::new(handlers.clone()).on(listen()))
        .subscribe(SaidSubscriber::new(handlers.clone()).on(listen()))
        .subscribe(ToldSubscriber::new(handlers.clone()).on(listen()))
        .start()
        .await
        .expect("the app starts");
    let redis = listen().await.expect("a client");
    Some((broker, running, redis))
}

/// A peer that is not ours.
struct Peer {
    heard: PubSub,
    says: redis::aio::MultiplexedConnection,
}

impl Peer {
    async fn new(broker: &Broker) -> Self {
        let client = redis::Client::open(broker.url()).expect("a URL");
        Self {
            heard: client.get_async_pubsub().await.expect("a subscriber"),
            says: client
                .get_multiplexed_async_connection()
                .await
                .expect("a connection"),
        }
    }

    async fn hear(&mut self, channel: &str) {
        self.heard.subscribe(channel).await.expect("it subscribes");
    }

    async fn say(&mut self, channel: &str, message: &str) -> usize {
        let heard = self.says.publish(channel, message).await;
        heard.expect("it is published")
    }

    /// What comes next: the channel and the message.
    async fn next(&mut self) -> (String, String) {
        use std::{future::poll_fn, pin::Pin};
        let mut messages = std::pin::pin!(self.heard.on_message());
        let next = poll_fn(|cx| redis_stream(Pin::new(&mut messages), cx));
        let message = tokio::time::timeout(Duration::from_secs(20), next)
            .await
            .expect("a message in time")
            .expect("a connection");
        let text = message.get_payload::<String>().expect("text");
        (message.get_channel_name().to_owned(), text)
    }
}

fn redis_stream<S: anywire::Stream>(
    stream: std::pin::Pin<&mut S>,
    cx: &mut std::task::Context<'_>,
) -> std::task::Poll<Option<S::Item>> {
    stream.poll_next(cx)
}

/// The bytes of NestJS's server and clients.
#[tokio::test]
async fn packets_are_nests() {
    let Some((broker, _running, redis)) = serve(&Handlers::default()).await else {
        return;
    };
    let mut peer = Peer::new(&broker).await;
    let route = r#"{"a":1,"cmd":"sum"}"#;

    // A client of NestJS.
    peer.hear(&format!("{route}.reply")).await;
    let request = r#"{"pattern":{"cmd":"sum","a":1},"data":[1,2],"id":"0fd35dcec778a709c0ce2"}"#;
    assert_eq!(peer.say(route, request).await, 1);
    let (channel, reply) = peer.next().await;
    assert_eq!(channel, format!("{route}.reply"));
    assert_eq!(
        reply,
        r#"{"response":3,"isDisposed":true,"id":"0fd35dcec778a709c0ce2"}"#
    );
    // Ids are echoed as they are, and the packet's pattern does not count.
    peer.say(route, r#"{"data":[6],"pattern":"whatever","id":0}"#)
        .await;
    let (_, reply) = peer.next().await;
    assert_eq!(reply, r#"{"response":6,"isDisposed":true,"id":0}"#);

    // A server of NestJS.
    peer.hear(route).await;
    assert_eq!(
        MessagesClient::new(redis)
            .sum(vec![4])
            .await
            .expect("a sum"),
        4
    );
    let (_, request) = peer.next().await;
    let id = request.split('"').nth_back(1).expect("an id").to_owned();
    assert_eq!(id.len(), 32, "{request}");
    assert_eq!(
        request,
        format!(r#"{{"pattern":{{"cmd":"sum","a":1}},"data":[4],"id":"{id}"}}"#)
    );
}

#[tokio::test]
async fn streams_come_in_order_and_alone() {
    let Some((_broker, _running, redis)) = serve(&Handlers::default()).await else {
        return;
    };
    let client = MessagesClient::new(redis);
    for length in [0, 1, 20_000] {
        let mut values = client.count(length);
        for expected in 1..=length {
            let value = values.next().await.expect("a value").expect("no error");
            assert_eq!(value, expected);
        }
        assert!(values.next().await.is_none());
    }
}

/// All clients hear the replies to all.
#[tokio::test]
async fn a_client_takes_its_own_replies() {
    let Some((broker, _running, redis)) = serve(&Handlers::default()).await else {
        return;
    };
    let other = Redis::connect(broker.url()).await.expect("a client");
    let (one, other) = (MessagesClient::new(redis), MessagesClient::new(other));
    for number in 0..200 {
        let (sum, other) = tokio::join!(one.sum(vec![number]), other.sum(vec![-number]));
        assert_eq!(sum.expect("a sum"), i64::from(number));
        assert_eq!(other.expect("a sum"), i64::from(-number));
    }
}

/// Every replica answers; the first answer counts.
#[tokio::test]
async fn replicas_answer_once() {
    let Some((broker, running, redis)) = serve(&Handlers::default()).await else {
        return;
    };
    let replica = App::new()
        .serve(MessagesServer::new(Handlers::default()).on(Redis::connect(broker.url())))
        .start()
        .await
        .expect("the replica starts");
    let client = MessagesClient::new(redis);
    for number in 0..200 {
        assert_eq!(
            client.sum(vec![number]).await.expect("a sum"),
            i64::from(number)
        );
    }
    running.stop().await.expect("it stops");
    assert_eq!(client.sum(vec![1]).await.expect("the replica's sum"), 1);
    replica.stop().await.expect("it stops");
    let error = client.sum(vec![1]).await.expect_err("nobody is left");
    assert!(matches!(
        error,
        CallError::Transport(TransportError::NoHandler)
    ));
}

#[tokio::test]
async fn wildcards_are_one_part() {
    let handlers = Handlers::default();
    let Some((broker, _running, redis)) = serve(&handlers).await else {
        return;
    };
    let publisher = MessagesPublisher::new(redis);
    publisher.said(1, "one").await.expect("it is sent");
    let mut peer = Peer::new(&broker).await;
    // Redis's star takes a dot for one character of many.
    let event = |text: &str| format!(r#"{{"data":{{"room":2,"text":"{text}"}}}}"#);
    assert_eq!(peer.say("messages.2.2.said", &event("two")).await, 1);
    peer.say("messages.2.said", &event("three")).await;
    handlers.0.until_has("2: three").await;
    assert_eq!(handlers.0.lines(), ["1: one", "2: three"]);
    // A request that reaches a subscriber ends without a value.
    peer.hear("messages.2.said.reply").await;
    let request = r#"{"data":{"room":2,"text":"four"},"id":"x"}"#;
    peer.say("messages.2.said", request).await;
    let (_, reply) = peer.next().await;
    assert_eq!(reply, r#"{"isDisposed":true,"id":"x"}"#);
}

#[tokio::test]
async fn malformed_messages_harm_nobody() {
    let handlers = Handlers::default();
    let Some((broker, _running, redis)) = serve(&handlers).await else {
        return;
    };
    let client = MessagesClient::new(redis);
    client.sum(vec![1]).await.expect("a sum");
    let mut peer = Peer::new(&broker).await;
    let route = r#"{"a":1,"cmd":"sum"}"#;
    let reply_channel = format!("{route}.reply");
    for message in [
        "",
        "{",
        "null",
        "[]",
        "7",
        "\"",
        "{\"id\":",
        "not JSON at all",
        "{}",
    ] {
        peer.say(route, message).await;
        peer.say(&reply_channel, message).await;
        peer.say("messages.told", message).await;
        peer.say("messages.2.said", message).await;
    }
    // Text that is no JSON is data, as in NestJS.
    handlers.0.until_has("not JSON at all").await;
    assert_eq!(client.sum(vec![2]).await.expect("a sum"), 2);
    // A request without data is answered, if only with what is wrong about it.
    peer.hear(&reply_channel).await;
    peer.say(route, r#"{"id":"z","pattern":1}"#).await;
    let (_, reply) = peer.next().await;
    assert!(reply.starts_with(r#"{"err":"#), "{reply}");
}

/// What is too large is refused here, and harms no connection.
#[tokio::test]
async fn too_large_a_message_is_refused() {
    let Some((broker, _running, _)) = serve(&Handlers::default()).await else {
        return;
    };
    let redis = Redis::connect(broker.url())
        .limits(|limits| limits.max_message = 1000)
        .await
        .expect("a client");
    let client = MessagesClient::new(redis);
    let error = client.sum(vec![1; 1000]).await.expect_err("too large");
    assert!(matches!(
        error,
        CallError::Transport(TransportError::TooLarge { limit: 1000, .. })
    ));
    assert_eq!(client.sum(vec![1]).await.expect("a sum"), 1);
}
