//! The bytes on the wire, and what a server does with others.

use std::time::Duration;

use anywire::App;
use anywire_conformance::{
    Handlers,
    conformance::{ChecksClient, ChecksServer},
};
use rdkafka::{
    ClientConfig, Message as _, Offset, TopicPartitionList,
    consumer::{Consumer as _, StreamConsumer},
    message::{Header, Headers as _, OwnedHeaders, OwnedMessage},
    producer::{FutureProducer, FutureRecord},
};

use crate::Apart;

fn config(apart: &Apart) -> ClientConfig {
    let mut config = ClientConfig::new();
    config
        .set("bootstrap.servers", &*apart.brokers)
        .set("group.id", "nobody")
        .set("enable.auto.commit", "false")
        .set("fetch.wait.max.ms", "50");
    config
}

/// Reads all partitions of a topic from where they end now.
fn read(apart: &Apart, topic: &str) -> StreamConsumer {
    let topic = &apart.named(topic);
    let consumer: StreamConsumer = config(apart).create().expect("a consumer");
    let mut partitions = TopicPartitionList::new();
    for partition in 0..3 {
        let end = consumer.fetch_watermarks(topic, partition, Duration::from_secs(10));
        let (_, end) = end.expect("where it ends");
        partitions
            .add_partition_offset(topic, partition, Offset::Offset(end))
            .expect("an offset");
    }
    consumer.assign(&partitions).expect("they are read");
    consumer
}

fn headers(message: &OwnedMessage) -> Vec<(String, Vec<u8>)> {
    let headers = message.headers().into_iter().flat_map(|all| all.iter());
    headers
        .map(|header| {
            (
                header.key.to_owned(),
                header.value.unwrap_or_default().to_vec(),
            )
        })
        .collect()
}

async fn send(
    producer: &FutureProducer,
    topic: &str,
    value: Option<&[u8]>,
    headers: &[(&str, &[u8])],
) {
    let mut all = OwnedHeaders::new();
    for (key, value) in headers {
        all = all.insert(Header {
            key,
            value: Some(*value),
        });
    }
    let mut record = FutureRecord::<(), [u8]>::to(topic).headers(all);
    record.payload = value;
    let sent = producer.send(record, Duration::from_secs(10)).await;
    sent.expect("it is stored");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_request_and_its_reply_as_nest_has_them() {
    let Some(apart) = Apart::new().await else {
        return;
    };
    let server = ChecksServer::new(Handlers::default()).on(apart.connect());
    let running = App::new().serve(server).start().await.expect("it starts");
    let client = ChecksClient::new(apart.connect().await.expect("a client"));
    client.echo("first").await.expect("the topics are there");

    let (requests, replies) = (
        read(&apart, "conformance.echo"),
        read(&apart, "conformance.echo.reply"),
    );
    let text = "é \"quoted\" {";
    assert_eq!(client.echo(text).await.expect("an echo"), text);

    let request = requests.recv().await.expect("a request").detach();
    assert_eq!(request.payload(), Some(text.as_bytes()));
    assert_eq!(request.key(), None);
    let [
        (id_name, id),
        (topic_name, topic),
        (partition_name, partition),
    ] = &headers(&request)[..]
    else {
        panic!("three headers, not {:?}", headers(&request));
    };
    assert_eq!(id_name, "kafka_correlationId");
    assert!(!matches!(id.first(), None | Some(b'{' | b'[' | 0)));
    assert_eq!(topic_name, "kafka_replyTopic");
    assert_eq!(topic, apart.named("conformance.echo.reply").as_bytes());
    assert_eq!(partition_name, "kafka_replyPartition");

    let reply = replies.recv().await.expect("a reply").detach();
    assert_eq!(reply.partition().to_string().as_bytes(), partition);
    assert_eq!(reply.payload(), Some(text.as_bytes()));
    assert_eq!(
        headers(&reply),
        [
            ("kafka_correlationId".to_owned(), id.clone()),
            ("kafka_nest-is-disposed".to_owned(), vec![0]),
        ]
    );
    running.stop().await.expect("it stops");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_server_survives_what_is_no_request() {
    let Some(apart) = Apart::new().await else {
        return;
    };
    let handlers = Handlers::default();
    let server = ChecksServer::new(handlers.clone()).on(apart.connect());
    let running = App::new().serve(server).start().await.expect("it starts");
    let client = ChecksClient::new(apart.connect().await.expect("a client"));
    client.echo("first").await.expect("the topics are there");

    let replies = read(&apart, "conformance.echo.reply");
    let producer: FutureProducer = config(&apart).create().expect("a producer");
    let reply_topic = apart.named("conformance.echo.reply");
    let back: &[(&str, &[u8])] = &[
        ("kafka_correlationId", b"\xff\x00id"),
        ("kafka_replyTopic", reply_topic.as_bytes()),
    ];
    let (echo, note) = (
        apart.named("conformance.echo"),
        apart.named("conformance.note"),
    );
    for value in [None, Some(&b"\x00\xff"[..]), Some(b"{\"a\":"), Some(b"")] {
        send(&producer, &echo, value, &[]).await;
        send(&producer, &apart.named("conformance.join"), value, back).await;
        send(&producer, &note, value, &[]).await;
    }
    for (topic, partition) in [
        (&b"\xff\xff"[..], &b"0"[..]),
        (b"no topic at all", b"0"),
        (b"", b"0"),
        (reply_topic.as_bytes(), b"-1"),
        (reply_topic.as_bytes(), b"seven"),
        (reply_topic.as_bytes(), b"1000000"),
    ] {
        let headers: &[(&str, &[u8])] = &[
            ("kafka_correlationId", b"id"),
            ("kafka_replyTopic", topic),
            ("kafka_replyPartition", partition),
            ("a name", b"\xff\xfe"),
        ];
        send(&producer, &echo, Some(b"v"), headers).await;
    }
    // Foreign replies, for nobody.
    for id in [&b""[..], b"id", b"\xff", b"0000000000000000"] {
        send(
            &producer,
            &reply_topic,
            Some(b"v"),
            &[("kafka_correlationId", id)],
        )
        .await;
    }
    send(&producer, &echo, Some(b"answered"), back).await;

    // Any partition does where none is named, and any bytes come back as an id.
    let answered = async {
        loop {
            let reply = replies.recv().await.expect("a reply").detach();
            if reply.payload() == Some(b"answered") {
                return reply;
            }
        }
    };
    let reply = tokio::time::timeout(Duration::from_secs(20), answered).await;
    let reply = reply.expect("the answer");
    assert_eq!(headers(&reply)[0].1, b"\xff\x00id");
    assert_eq!(
        client.echo("still there").await.expect("an echo"),
        "still there"
    );
    running.stop().await.expect("it stops");
}
