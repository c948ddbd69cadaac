//! Peers that know AMQP and nothing of us: NestJS's bytes, and bytes that
//! nobody should send.

use anywire::RabbitMq;
use anywire_brokers::names;
use anywire_conformance::{
    Handlers, Heard,
    conformance::{AnnouncedSubscriber, ChecksClient, ChecksPublisher},
};
use futures_util::StreamExt as _;
use lapin::{
    BasicProperties, Channel, Connection, ConnectionProperties, Consumer, ExchangeKind,
    message::Delivery,
    options::{
        BasicConsumeOptions, BasicPublishOptions, ExchangeDeclareOptions, QueueBindOptions,
        QueueDeclareOptions,
    },
    types::{AMQPValue, FieldTable},
};

use crate::{serve, soon, start, url};

struct Peer {
    _connection: Connection,
    channel: Channel,
}

impl Peer {
    async fn connect(url: &str) -> Self {
        let connection = Connection::connect(url, ConnectionProperties::default())
            .await
            .expect("a connection");
        let channel = connection.create_channel().await.expect("a channel");
        Self {
            _connection: connection,
            channel,
        }
    }

    async fn consume(&self, queue: &str) -> Consumer {
        let no_ack = BasicConsumeOptions {
            no_ack: true,
            ..BasicConsumeOptions::default()
        };
        self.channel
            .basic_consume(queue.into(), "".into(), no_ack, FieldTable::default())
            .await
            .expect("a consumer")
    }

    async fn queue(&self, queue: &str) -> Consumer {
        let options = QueueDeclareOptions {
            auto_delete: true,
            durable: true,
            ..QueueDeclareOptions::default()
        };
        self.channel
            .queue_declare(queue.into(), options, FieldTable::default())
            .await
            .expect("a queue");
        self.consume(queue).await
    }

    async fn publish(&self, exchange: &str, key: &str, body: &[u8], properties: BasicProperties) {
        self.channel
            .basic_publish(
                exchange.into(),
                key.into(),
                BasicPublishOptions::default(),
                body,
                properties,
            )
            .await
            .expect("it is sent");
    }
}

async fn next(messages: &mut Consumer) -> Delivery {
    soon(messages.next())
        .await
        .expect("a message")
        .expect("a sound one")
}

fn text(message: &Delivery) -> String {
    String::from_utf8_lossy(&message.data).into_owned()
}

fn asked() -> BasicProperties {
    BasicProperties::default()
        .with_reply_to("amq.rabbitmq.reply-to".into())
        .with_correlation_id("c103e4d0915a347d1c802".into())
        .with_delivery_mode(1)
        .with_headers(FieldTable::default())
}

/// A server whose queue has this name.
async fn served(url: &str) -> (String, Handlers, anywire::Running) {
    let (queue, handlers) = (names::unique("queue"), Handlers::default());
    let listener = RabbitMq::connect(url)
        .queue(&*queue)
        .argument("x-expires", 60_000);
    let running = serve(&handlers, &listener).await;
    (queue, handlers, running)
}

#[tokio::test(flavor = "multi_thread")]
async fn a_client_of_nest() {
    let Some(url) = url().await else { return };
    let (queue, handlers, _running) = served(url).await;
    let peer = Peer::connect(url).await;
    let mut replies = peer.consume("amq.rabbitmq.reply-to").await;
    for (request, reply) in [
        (
            r#"{"pattern":"conformance.echo","data":"é🦀","id":"c103e4d0915a347d1c802"}"#,
            r#"{"response":"é🦀","isDisposed":true}"#,
        ),
        // An object in another order, and one as text.
        (
            r#"{"pattern":{"opts":{"a":true,"b":1},"cmd":"sum"},"data":[1,2],"id":"x"}"#,
            r#"{"response":3,"isDisposed":true}"#,
        ),
        (
            r#"{"pattern":"{ \"cmd\":\"sum\",\"opts\":{\"a\":true,\"b\":1}}","data":[],"id":0}"#,
            r#"{"response":0,"isDisposed":true}"#,
        ),
        (
            r#"{"pattern":"conformance.echo","data":"a","id":null}"#,
            r#"{"response":"a","isDisposed":true}"#,
        ),
        (
            r#"{"pattern":"conformance.note","data":{"line":"a"},"id":"x"}"#,
            r#"{"isDisposed":true}"#,
        ),
        (
            r#"{"pattern":"nobody","data":1,"id":"pid"}"#,
            r#"{"status":"error","err":"There is no matching message handler defined in the remote service.","id":"pid"}"#,
        ),
    ] {
        peer.publish("", &queue, request.as_bytes(), asked()).await;
        let message = next(&mut replies).await;
        assert_eq!(text(&message), reply);
        let expected =
            BasicProperties::default().with_correlation_id("c103e4d0915a347d1c802".into());
        assert_eq!(message.properties, expected);
    }
    // An event for a message's handler is handled, and nobody is answered.
    let event = br#"{"pattern":"conformance.wait","data":{"gate":7}}"#;
    peer.publish("", &queue, event, asked()).await;
    soon(handlers.log.until_has("wait 7")).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_server_of_nest() {
    let Some(url) = url().await else { return };
    let peer = Peer::connect(url).await;
    let queue = names::unique("queue");
    let mut requests = peer.queue(&queue).await;
    let client = RabbitMq::connect(url).queue(&*queue).await;
    let checks = ChecksClient::new(client.expect("a client"));

    let call = tokio::spawn(checks.echo("a").header("tenant", "acme"));
    let request = next(&mut requests).await;
    assert_eq!(
        (request.exchange.as_str(), request.routing_key.as_str()),
        ("", &*queue)
    );
    let properties = &request.properties;
    let id = properties.correlation_id().clone().expect("a correlation");
    let packet = format!(r#"{{"pattern":"conformance.echo","data":"a","id":"{id}"}}"#);
    assert_eq!(text(&request), packet);
    assert_eq!(*properties.delivery_mode(), Some(1));
    assert_eq!(*properties.content_type(), None);
    let headers = properties.headers().as_ref().expect("headers");
    let acme = AMQPValue::LongString("acme".into());
    assert_eq!(headers.inner().get("tenant"), Some(&acme));
    let to = properties.reply_to().clone().expect("a way back");
    assert!(to.as_str().starts_with("amq.rabbitmq.reply-to."), "{to}");

    // Foreign replies change nothing.
    for (correlation, body) in [
        ("0123456789abcdef", r#"{"response":"b","isDisposed":true}"#),
        ("of somebody else", "not JSON"),
    ] {
        let of = BasicProperties::default().with_correlation_id(correlation.into());
        peer.publish("", to.as_str(), body.as_bytes(), of).await;
    }
    let nobody = BasicProperties::default();
    peer.publish("", to.as_str(), b"{}", nobody).await;
    // A value, and its end alone.
    for body in [r#"{"response":"b"}"#, r#"{"isDisposed":true}"#] {
        let of = BasicProperties::default().with_correlation_id(id.clone());
        peer.publish("", to.as_str(), body.as_bytes(), of).await;
    }
    assert_eq!(soon(call).await.expect("no panic").expect("a reply"), "b");

    soon(checks.note("a")).await.expect("it is sent");
    let oneway = next(&mut requests).await;
    assert_eq!(
        text(&oneway),
        r#"{"pattern":"conformance.note","data":{"line":"a"}}"#
    );
    assert_eq!(*oneway.properties.reply_to(), None);
    assert_eq!(*oneway.properties.correlation_id(), None);

    let call = tokio::spawn(checks.echo("a"));
    let request = next(&mut requests).await;
    let to = request.properties.reply_to().clone().expect("a way back");
    let of = request.properties.correlation_id().clone();
    let of = BasicProperties::default().with_correlation_id(of.expect("a correlation"));
    peer.publish("", to.as_str(), b"not JSON", of).await;
    let error = soon(call).await.expect("no panic").expect_err("no reply");
    assert!(error.to_string().contains("protocol"), "{error}");
}

#[tokio::test(flavor = "multi_thread")]
async fn events_of_nest_by_exchange() {
    let Some(url) = url().await else { return };
    let peer = Peer::connect(url).await;
    let (exchange, queue) = (names::unique("exchange"), names::unique("queue"));
    // As Nest's server does with `wildcards: true`.
    let durable = ExchangeDeclareOptions {
        durable: true,
        ..ExchangeDeclareOptions::default()
    };
    peer.channel
        .exchange_declare(
            exchange.as_str().into(),
            ExchangeKind::Topic,
            durable,
            FieldTable::default(),
        )
        .await
        .expect("an exchange");
    let mut events = peer.queue(&queue).await;
    peer.channel
        .queue_bind(
            queue.as_str().into(),
            exchange.as_str().into(),
            "conformance.*".into(),
            QueueBindOptions::default(),
            FieldTable::default(),
        )
        .await
        .expect("a binding");

    let connect = || RabbitMq::connect(url).exchange(&*exchange);
    let heard = Heard::default();
    let _running = start([AnnouncedSubscriber::new(heard.clone()).on(connect())]).await;
    let publisher = ChecksPublisher::new(connect().await.expect("a publisher"));
    soon(publisher.announced("a")).await.expect("it is sent");
    soon(publisher.stored("b")).await.expect("it is accepted");
    for (key, text_of, mode) in [
        ("conformance.announced", "a", 1),
        ("conformance.stored", "b", 2),
    ] {
        let event = next(&mut events).await;
        assert_eq!(event.routing_key.as_str(), key);
        assert_eq!(
            text(&event),
            format!(r#"{{"pattern":"{key}","data":{{"text":"{text_of}"}}}}"#)
        );
        assert_eq!(*event.properties.delivery_mode(), Some(mode));
        assert_eq!(*event.properties.reply_to(), None);
        assert_eq!(*event.properties.correlation_id(), None);
    }
    // And as Nest's client sends one.
    let event = br#"{"pattern":"conformance.announced","data":{"text":"c"}}"#;
    let nobody = BasicProperties::default();
    peer.publish(&exchange, "conformance.announced", event, nobody)
        .await;
    soon(heard.log.until_has("c")).await;

    // A request for an event's handler ends without a value.
    let mut replies = peer.consume("amq.rabbitmq.reply-to").await;
    let request = br#"{"pattern":"conformance.announced","data":{"text":"d"},"id":"x"}"#;
    peer.publish(&exchange, "conformance.announced", request, asked())
        .await;
    assert_eq!(text(&next(&mut replies).await), r#"{"isDisposed":true}"#);
}

#[tokio::test(flavor = "multi_thread")]
async fn malformed_messages_are_survived() {
    let Some(url) = url().await else { return };
    let (queue, _handlers, _running) = served(url).await;
    let peer = Peer::connect(url).await;
    let deep = "[".repeat(100_000);
    let mut table = FieldTable::default();
    for number in 0..500 {
        table.insert(number.to_string().into(), AMQPValue::Timestamp(number));
    }
    table.insert("anywire-remaining-ms".into(), AMQPValue::LongLongInt(-1));
    for body in [
        "",
        "{",
        "null",
        "[]",
        "not JSON",
        "\u{0}",
        r#"{"pattern":"conformance.echo""#,
        r#"{"pattern":{},"id":1}"#,
        r#"{"pattern":"\ud800","data":1,"id":"a"}"#,
        r#"{"pattern":["conformance.echo"],"data":1}"#,
        r#"{"id":"no pattern"}"#,
        &deep,
    ] {
        for properties in [
            BasicProperties::default(),
            BasicProperties::default().with_reply_to("nowhere".into()),
            BasicProperties::default()
                .with_reply_to("amq.rabbitmq.reply-to.garbage".into())
                .with_correlation_id("x".repeat(255).into())
                .with_headers(table.clone()),
        ] {
            peer.publish("", &queue, body.as_bytes(), properties).await;
        }
    }
    peer.publish("", &queue, b"\xFF\xFE{\"pattern\":1}", asked())
        .await;
    let client = RabbitMq::connect(url).queue(&*queue).await;
    let checks = ChecksClient::new(client.expect("a client"));
    for text in ["a", "b"] {
        assert_eq!(soon(checks.echo(text)).await.expect("an echo"), text);
    }
}
