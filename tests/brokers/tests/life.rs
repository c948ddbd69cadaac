//! Every broker starts, comes back where it was, and leaves nothing behind.

use std::{
    io::{BufRead as _, BufReader, Write as _},
    net::TcpStream,
    path::Path,
    process::{Command, Stdio},
    thread,
    time::{Duration, Instant},
};

use anywire_brokers::{Broker, Error, Kafka, Nats, RabbitMq, Redis, names, unless_missing};

async fn check(started: Result<Broker, Error>) {
    let Some(broker) = unless_missing(started) else {
        return;
    };
    let (url, port) = (broker.url().to_owned(), broker.port());
    let first = broker.process_id().expect("it runs");
    assert!(is_open(port));
    assert!(url.ends_with(&format!("127.0.0.1:{port}")), "{url}");

    broker.kill().await;
    assert!(broker.process_id().is_none());
    assert!(!is_open(port));
    until_gone(first);

    broker.start_again().await.expect("it starts again");
    let second = broker.process_id().expect("it runs again");
    assert_ne!(first, second);
    assert!(is_open(port));
    broker.start_again().await.expect("it runs already");
    assert_eq!(broker.process_id(), Some(second));

    broker.restart().await.expect("it restarts");
    let third = broker.process_id().expect("it runs again");
    until_gone(second);
    assert!(is_open(port));
    assert_eq!(broker.url(), url);

    drop(broker);
    assert!(!is_open(port));
    assert!(!Path::new(&format!("/proc/{third}")).exists());
    until_gone(third);
}

fn is_open(port: u16) -> bool {
    TcpStream::connect(("127.0.0.1", port)).is_ok()
}

/// Waits until nothing of the broker's process group is left.
fn until_gone(group: u32) {
    let began = Instant::now();
    let is_there = || {
        Command::new("sh")
            .args(["-c", r#"kill -0 -- "-$1""#, "sh", &group.to_string()])
            .stderr(Stdio::null())
            .status()
            .expect("sh runs")
            .success()
    };
    while is_there() {
        assert!(began.elapsed() < Duration::from_secs(10), "{group} is left");
        // They are no children of ours, so that nothing tells of their end.
        thread::sleep(Duration::from_millis(10));
    }
}

#[tokio::test]
async fn redis() {
    check(Redis::new().start().await).await;
}

#[tokio::test]
async fn nats() {
    check(Nats::new().start().await).await;
}

#[tokio::test]
async fn rabbitmq() {
    check(RabbitMq::new().start().await).await;
}

#[tokio::test]
async fn kafka() {
    check(Kafka::new().start().await).await;
}

#[tokio::test]
async fn data_outlives_a_crash() {
    let Some(broker) = unless_missing(Nats::new().start().await) else {
        return;
    };
    let stream = names::unique("orders");
    let create = format!("$JS.API.STREAM.CREATE.{stream}");
    let created = ask_nats(broker.port(), &create, &format!(r#"{{"name":"{stream}"}}"#));
    assert!(created.contains("stream_create_response"), "{created}");
    assert!(!created.contains("error"), "{created}");

    broker.kill().await;
    broker.start_again().await.expect("it starts again");

    let info = ask_nats(broker.port(), &format!("$JS.API.STREAM.INFO.{stream}"), "");
    assert!(!info.contains("error"), "{info}");
}

/// The payload of the answer to a request.
fn ask_nats(port: u16, subject: &str, payload: &str) -> String {
    let mut stream = TcpStream::connect(("127.0.0.1", port)).expect("it listens");
    stream
        .set_read_timeout(Some(Duration::from_secs(20)))
        .expect("it is not zero");
    let length = payload.len();
    let request = format!(
        "CONNECT {{\"verbose\":false}}\r\nSUB reply 1\r\nPUB {subject} reply {length}\r\n{payload}\r\n"
    );
    stream.write_all(request.as_bytes()).expect("it is read");
    let mut lines = BufReader::new(stream)
        .lines()
        .map(|line| line.expect("it answers"));
    lines.find(|line| line.starts_with("MSG "));
    lines.next().expect("a message has a payload")
}
