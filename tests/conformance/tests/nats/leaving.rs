//! Whoever leaves waits until the server has what it said.

use std::{pin::pin, time::Duration};

use anywire::transport::nats::NatsConnect;
use anywire_brokers::unless_missing;
use anywire_conformance::{Handlers, conformance::ChecksClient};
use tokio::{
    io::{AsyncReadExt as _, AsyncWriteExt as _},
    net::{TcpListener, TcpStream},
    sync::watch,
};

use crate::service::{broker, client, connect, serve, soon};

/// Between a connection and its server, to which it passes on what it reads
/// unless it is told to hold that. What it holds goes with the connection, as
/// what a server has not read yet may.
struct Between {
    url: String,
    holds: watch::Sender<bool>,
    read: watch::Receiver<Read>,
}

/// What it has read, from the connection alone.
#[derive(Default)]
struct Read {
    passed_on: Vec<u8>,
    held: Vec<u8>,
}

/// How often a text has this in it.
fn count(text: &[u8], part: &str) -> usize {
    String::from_utf8_lossy(text).matches(part).count()
}

impl Between {
    /// In front of the server at this port, for one connection.
    async fn start(port: u16) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
        let address = listener.local_addr().expect("an address");
        let (holds, held_back) = watch::channel(false);
        let (reading, read) = watch::channel(Read::default());
        tokio::spawn(async move {
            let (near, _) = listener.accept().await.expect("a connection");
            let far = TcpStream::connect(("127.0.0.1", port));
            let far = far.await.expect("the server is there");
            pass_on(near, far, held_back, reading).await;
        });
        Self {
            url: format!("nats://{address}"),
            holds,
            read,
        }
    }

    fn connect(&self) -> NatsConnect {
        anywire::Nats::connect(&self.url)
    }

    fn hold(&self) {
        self.holds.send_replace(true);
    }

    /// Waits until it has read what it should have.
    async fn has(&self, what: &str, wanted: impl Fn(&Read) -> bool) {
        let mut read = self.read.clone();
        let wanted = read.wait_for(|read| wanted(read));
        soon(what, wanted).await.expect("it is connected");
    }

    fn release(&self) {
        self.holds.send_replace(false);
    }
}

async fn pass_on(
    near: TcpStream,
    far: TcpStream,
    mut holds: watch::Receiver<bool>,
    reading: watch::Sender<Read>,
) {
    let (mut from_near, mut to_near) = near.into_split();
    let (mut from_far, mut to_far) = far.into_split();
    let mut back = pin!(async move { tokio::io::copy(&mut from_far, &mut to_near).await });
    let mut bytes = [0; 4096];
    loop {
        tokio::select! {
            read = from_near.read(&mut bytes) => match read {
                Ok(count @ 1..) => reading.send_modify(|read| read.held.extend(&bytes[..count])),
                Ok(0) | Err(_) => return,
            },
            changed = holds.changed() => if changed.is_err() { return },
            _ = &mut back => return,
        }
        if !*holds.borrow() {
            let mut ready = Vec::new();
            reading.send_modify(|read| {
                ready = std::mem::take(&mut read.held);
                read.passed_on.extend(&ready);
            });
            if to_far.write_all(&ready).await.is_err() {
                return;
            }
        }
    }
}

/// Long enough for somebody who does not wait for anything.
const A_WHILE: Duration = Duration::from_millis(300);

#[tokio::test]
async fn a_service_is_not_gone_before_its_replies_have_arrived() {
    let Some(broker) = broker().await else { return };
    let between = Between::start(broker.port()).await;
    let handlers = Handlers::default();
    let running = serve(&handlers, between.connect()).await;
    let client = client(&broker).await;
    let calls: Vec<_> = (0..20).map(|_| tokio::spawn(client.wait(1))).collect();
    let began = handlers.log.until(|lines| lines.len() == calls.len());
    soon("their handlers", began).await;

    let mut stopped = tokio::spawn(running.stop());
    let has_no_subscriptions = |read: &Read| {
        let all = count(&read.passed_on, "SUB ");
        all == 2 * count(&read.passed_on, "UNSUB ")
    };
    between.has("the last UNSUB", has_no_subscriptions).await;
    between.hold();
    handlers.gates.open(1);
    let has_replies = |read: &Read| count(&read.held, "PUB _INBOX") >= calls.len();
    between.has("the replies", has_replies).await;
    let gone = tokio::time::timeout(A_WHILE, &mut stopped).await;
    assert!(gone.is_err(), "it is gone: {gone:?}");

    between.release();
    for call in calls {
        let answer = soon("an answer", call).await.expect("no panic");
        assert_eq!(answer.expect("a number"), 1);
    }
    let stopped = soon("the stop", stopped).await.expect("no panic");
    stopped.expect("it stops");
}

#[tokio::test]
async fn a_client_is_not_closed_before_its_messages_have_arrived() {
    let Some(broker) = broker().await else { return };
    let between = Between::start(broker.port()).await;
    let handlers = Handlers::default();
    let _running = serve(&handlers, connect(&broker)).await;
    let nats = between.connect().await.expect("a client can connect");

    between.hold();
    let sent = ChecksClient::new(nats.clone()).note("the last one").await;
    sent.expect("it is sent");
    let mut closed = tokio::spawn(async move { nats.close().await });
    let gone = tokio::time::timeout(A_WHILE, &mut closed).await;
    assert!(gone.is_err(), "it is gone: {gone:?}");

    between.release();
    soon("the close", closed).await.expect("no panic");
    let arrived = handlers.log.until_has("note the last one");
    soon("what was sent", arrived).await;
}

/// Who leaves asks the server by a message to itself. That it may not be sent
/// is an answer as well.
#[tokio::test]
async fn whoever_may_not_ask_the_server_leaves_as_well() {
    let started = anywire_brokers::Nats::new()
        .user("ada", "secret")
        .denying("_INBOX.*")
        .start();
    let Some(broker) = unless_missing(started.await) else {
        return;
    };
    let handlers = Handlers::default();
    let running = soon("the start", serve(&handlers, connect(&broker))).await;
    let nats = connect(&broker).await.expect("a client can connect");
    let client = ChecksClient::new(nats.clone());
    let answer = soon("an answer", client.echo("x")).await;
    assert_eq!(answer.expect("an echo"), "x");
    client.note("the last one").await.expect("it is sent");
    soon("the close", nats.close()).await;
    let arrived = handlers.log.until_has("note the last one");
    soon("what was sent", arrived).await;
    soon("the stop", running.stop()).await.expect("it stops");
}
