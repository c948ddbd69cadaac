//! Streams: as fast as they are taken, and no longer than they are wanted.

use std::{
    net::SocketAddr,
    pin::Pin,
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering},
    },
    task::{Context as TaskContext, Poll},
    time::Duration,
};

use anywire::{
    App, CallError, Context, Failure, Incoming, NativeTcp, Running, Stream, Values,
    transport::tcp::{Limits, TcpListen},
};
use anywire_conformance::{
    Log, Streamers, Uploaders,
    streaming::{
        BesideRequest, Item, StreamingClient, StreamingError, StreamingServer, Sum, Uploading,
        UploadingClient, UploadingServer,
    },
};

use super::{
    CANCEL, CREDIT, END, ERROR, Number, Peer, REFUSED, REPLY, Rest, UPLOAD, VALUE, frame, request,
};
use crate::peer::{self, soon};

/// What a stream may have on its way beyond what is taken: the window, and a value.
const WINDOW: usize = 256 << 10;
const VALUE_BYTES: usize = 16 << 10;

async fn serve<H: Uploading>(
    streamers: &Streamers,
    uploads: H,
    change: impl FnOnce(&mut Limits),
) -> (Running, SocketAddr) {
    let listener: TcpListen<NativeTcp> = NativeTcp::listen("127.0.0.1:0").limits(change);
    let app = App::new()
        .serve(StreamingServer::new(streamers.clone()).on(listener.clone()))
        .serve(UploadingServer::new(uploads).on(listener))
        .grace_period(Duration::from_secs(20));
    let running = app.start().await.expect("the app starts");
    let address = running.address("Streaming").expect("it has an address");
    (running, address)
}

async fn connect(address: SocketAddr) -> NativeTcp {
    let connect = NativeTcp::connect(address.to_string());
    connect.await.expect("a client can connect")
}

/// Takes nothing from its streams until it is given up.
#[derive(Clone, Default)]
struct Idle(Log);

impl Uploading for Idle {
    async fn sum(
        &self,
        _: &Context,
        mut items: Incoming<Item>,
    ) -> Result<Sum, Failure<StreamingError>> {
        self.0.add("began");
        loop {
            match items.next().await {
                Some(Ok(item)) => self.0.add(format!("took {}", item.number)),
                Some(Err(_)) => break self.0.add("broken"),
                None => break self.0.add("whole"),
            }
        }
        Ok(Sum::new(0_u32, 0_u64))
    }

    async fn three(&self, _: &Context, items: Incoming<Item>) -> Result<Vec<u64>, Failure> {
        self.0.add("began");
        let () = std::future::pending().await;
        drop(items);
        Ok(Vec::new())
    }

    async fn echo(
        &self,
        _: &Context,
        items: Incoming<Item>,
    ) -> Result<Values<Item, StreamingError>, Failure<StreamingError>> {
        drop(items);
        Ok(Values::new(Never))
    }

    async fn tenant(&self, _: &Context, _: Incoming<Item>) -> Result<String, Failure> {
        Ok(String::new())
    }

    async fn beside(&self, _: &Context, request: BesideRequest) -> Result<u32, Failure> {
        Ok(request.number)
    }
}

struct Never;

impl Stream for Never {
    type Item = Result<Item, Failure<StreamingError>>;

    fn poll_next(self: Pin<&mut Self>, _: &mut TaskContext<'_>) -> Poll<Option<Self::Item>> {
        Poll::Pending
    }
}

/// Items without an end, counted as they are asked for.
struct Endless(
    Arc<AtomicUsize>,
    #[expect(dead_code, reason = "it shows whether it is kept")] Arc<()>,
);

impl Stream for Endless {
    type Item = Item;

    fn poll_next(self: Pin<&mut Self>, _: &mut TaskContext<'_>) -> Poll<Option<Item>> {
        let number = self.0.fetch_add(1, Ordering::Relaxed);
        Poll::Ready(Some(Item::new(number as u64, "x".repeat(40))))
    }
}

#[tokio::test]
async fn a_handler_makes_values_as_fast_as_its_caller_takes_them() {
    let streamers = Streamers::default();
    let (_running, address) = serve(&streamers, Uploaders::default(), |_| {}).await;
    let client = StreamingClient::new(connect(address).await);
    let mut flood = client.flood(1, VALUE_BYTES as u32);
    for taken in 1..=100 {
        soon("a value", flood.next())
            .await
            .expect("a value")
            .expect("a value");
        if taken % 10 == 0 {
            // Meanwhile nothing is taken, and others are served.
            for number in 0..50 {
                assert_eq!(client.ping(number).await.expect("an answer"), number);
            }
            let made = streamers.made.load(Ordering::Relaxed);
            let most = taken + WINDOW / VALUE_BYTES + 2;
            assert!(made <= most, "{made} were made when {taken} were taken");
        }
    }
    drop(flood);
    soon("the end of the stream", streamers.log.until_has("left 1")).await;
}

#[tokio::test]
async fn a_caller_makes_values_as_fast_as_the_handler_takes_them() {
    let idle = Idle::default();
    let (_running, address) = serve(&Streamers::default(), idle.clone(), |_| {}).await;
    let client = UploadingClient::new(connect(address).await);
    let (made, held) = (Arc::new(AtomicUsize::new(0)), Arc::new(()));
    let call = client.three(Endless(Arc::clone(&made), Arc::clone(&held)));
    let call = tokio::spawn(call.timeout(Duration::from_secs(60)));
    soon("the handler", idle.0.until_has("began")).await;
    for number in 0..200 {
        assert_eq!(client.beside(number).await.expect("an answer"), number);
    }
    let made = made.load(Ordering::Relaxed);
    // Not a value more than the first credit has room for.
    assert!((100..=64 * 1024 / 64).contains(&made), "{made} were made");
    call.abort();
    soon("the values are dropped", async {
        while Arc::strong_count(&held) > 1 {
            tokio::task::yield_now().await;
        }
    })
    .await;
}

/// The caller learns it though the call goes on.
#[tokio::test]
async fn values_that_a_handler_does_not_want_are_dropped() {
    let (_running, address) = serve(&Streamers::default(), Idle::default(), |_| {}).await;
    let client = UploadingClient::new(connect(address).await);
    let (made, held) = (Arc::new(AtomicUsize::new(0)), Arc::new(()));
    let mut call = client.echo(Endless(made, Arc::clone(&held)));
    let next = tokio::spawn(async move { call.next().await.map(drop) });
    soon("the values are dropped", async {
        while Arc::strong_count(&held) > 1 {
            tokio::task::yield_now().await;
        }
    })
    .await;
    assert!(!next.is_finished(), "the call goes on");
    next.abort();
}

/// A handler must never take the end of a connection for the end of a stream.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_upload_that_breaks_off_is_not_whole() {
    let idle = Idle::default();
    let (_running, address) = serve(&Streamers::default(), idle.clone(), |_| {}).await;
    for round in 0..50 {
        let mut peer = Peer::of_route(address, r#""uploading.sum""#).await;
        peer.write(frame(UPLOAD, &[Number(1), Number(0)])).await;
        let item = format!(r#"{{"number":{round},"text":""}}"#);
        peer.write(frame(VALUE, &[Number(1), Rest(&item)])).await;
        let line = format!("took {round}");
        soon("the value", idle.0.until_has(&line)).await;
        match round % 3 {
            0 => peer.write(frame(CANCEL, &[Number(1)])).await,
            1 => peer.write([1, 0xFF]).await,
            _ => {}
        }
    }
    assert_eq!(idle.0.count("whole"), 0);
    // One that is broken off by its caller is told so.
    let mut peer = Peer::of_route(address, r#""uploading.sum""#).await;
    peer.write(frame(UPLOAD, &[Number(1), Number(0)])).await;
    peer.write(frame(ERROR, &[Number(1), Rest(r#"{"status":400}"#)]))
        .await;
    soon("the end", idle.0.until_has("broken")).await;
    assert_eq!(peer.said().await.0, REPLY);
}

#[tokio::test]
async fn a_stream_waits_for_credit() {
    let (_running, address) = serve(&Streamers::default(), Idle::default(), |_| {}).await;
    let mut peer = Peer::of_route(address, r#""streaming.flood""#).await;
    peer.write(request(1, r#"{"name":1,"size":998}"#)).await;
    // A value of 1000 bytes costs 1064 of 65,536.
    let mut left = 65_536_i64;
    for more in [0_i64, 5_000, 1, 100_000] {
        if more > 0 {
            peer.write(frame(CREDIT, &[Number(1), Number(more as u64)]))
                .await;
            left += more;
        }
        while left > 0 {
            let (kind, call, text) = peer.said().await;
            assert_eq!((kind, call, text.len()), (VALUE, 1, 1000));
            left -= 1064;
        }
        // No further one comes: the next frame is the answer to this.
        peer.write(super::echo(2, "x")).await;
        assert_eq!(peer.said().await, (REFUSED, 2, "\0".to_owned()));
    }
    // Any amount is taken for as much as it says.
    peer.write(frame(CREDIT, &[Number(1), Number(u64::MAX)]))
        .await;
    peer.write(frame(CREDIT, &[Number(1), Number(u64::MAX)]))
        .await;
    assert_eq!(peer.said().await.0, VALUE);
    peer.write(frame(CANCEL, &[Number(1)])).await;
    peer.write(super::echo(3, "x")).await;
    soon("the end", async { while peer.said().await.0 != REFUSED {} }).await;
}

#[tokio::test]
async fn a_peer_that_overdraws_is_cut_off_and_others_are_served() {
    let change = |limits: &mut Limits| limits.max_frame = 64 << 10;
    let (_running, address) = serve(&Streamers::default(), Idle::default(), change).await;
    let client = UploadingClient::new(connect(address).await);
    let mut peer = Peer::of_route(address, r#""uploading.three""#).await;
    peer.write(frame(UPLOAD, &[Number(1), Number(0)])).await;
    let value = frame(VALUE, &[Number(1), Rest(&"x".repeat(60 << 10))]);
    // What it may send, and the one value that may be too much.
    for _ in 0..5 {
        peer.write(&value).await;
    }
    peer.write(super::echo(2, "x")).await;
    assert_eq!(peer.said().await.0, REFUSED);
    peer.write([&value[..], &value].concat()).await;
    let reason = peer.cut().await;
    assert!(reason.contains("more bytes of a stream"), "{reason}");
    assert_eq!(client.beside(1).await.expect("an answer"), 1);
}

#[tokio::test]
async fn no_more_streams_than_the_limit() {
    let change = |limits: &mut Limits| limits.max_streams = 3;
    let streamers = Streamers::default();
    let (_running, address) = serve(&streamers, Idle::default(), change).await;
    let client = StreamingClient::new(connect(address).await);
    let streams: Vec<_> = (1..=3)
        .map(|gate| {
            let mut call = client.follow(gate, 2);
            tokio::spawn(async move { call.next().await })
        })
        .collect();
    for gate in 1..=3 {
        streamers.log.until_has(&format!("began {gate}")).await;
    }
    let refused = client.follow(4, 1).next().await;
    match refused {
        Some(Err(CallError::Transport(error))) => {
            assert_eq!(error.kind(), anywire::Kind::Unavailable);
        }
        other => panic!("expected a refusal, found {other:?}"),
    }
    assert_eq!(client.ping(1).await.expect("an answer"), 1);
    for stream in streams {
        stream.abort();
    }
    // They make room for others.
    soon("a stream", async {
        streamers.gates.open(9);
        while !matches!(client.follow(9, 1).next().await, Some(Ok(0))) {
            tokio::task::yield_now().await;
        }
    })
    .await;
}

#[tokio::test]
async fn a_stream_is_written_as_the_document_says() {
    let (_running, address) = serve(&Streamers::default(), Uploaders::default(), |_| {}).await;
    let mut peer = Peer::of_route(address, r#""uploading.sum""#).await;
    peer.write(frame(UPLOAD, &[Number(1), Number(0)])).await;
    for number in [1, 2] {
        let item = format!(r#"{{"number":{number},"text":""}}"#);
        peer.write(frame(VALUE, &[Number(1), Rest(&item)])).await;
    }
    peer.write(frame(END, &[Number(1)])).await;
    // The first value that is taken makes known how much more may come.
    let mut credit = peer.frame().await;
    assert_eq!((credit.kind, credit.number()), (CREDIT, 1));
    assert!(credit.number() as usize > WINDOW - (64 << 10));
    let sum = r#"{"items":2,"total":3}"#.to_owned();
    assert_eq!(peer.said().await, (REPLY, 1, sum));
    // What comes behind the end is for nobody.
    peer.write(frame(VALUE, &[Number(1), Rest("1")])).await;
    peer.write(frame(END, &[Number(1)])).await;

    let mut peer = Peer::of_route(address, r#""streaming.count""#).await;
    peer.write(request(5, r#"{"values":1,"ending":"declared"}"#))
        .await;
    let (kind, call, item) = peer.said().await;
    assert_eq!((kind, call), (VALUE, 5));
    assert!(item.contains("\"number\":1"), "{item}");
    let (kind, call, error) = peer.said().await;
    assert_eq!((kind, call), (ERROR, 5));
    assert!(error.contains("BROKEN_OFF"), "{error}");
    peer.write(request(6, r#"{"values":0}"#)).await;
    assert_eq!(peer.said().await, (END, 6, String::new()));
}

/// On Nest's wire a stream cannot be sent, and whoever tries is told.
#[tokio::test]
async fn a_peer_on_the_other_wire_is_told_that_a_stream_is_wanted() {
    let (_running, address) = serve(&Streamers::default(), Uploaders::default(), |_| {}).await;
    let mut nest = peer::Peer::connect(address).await;
    nest.send(&serde_json::json!({ "pattern": "uploading.sum", "data": [], "id": 1 }))
        .await;
    let packet = nest.packet().await;
    let message = packet["err"]["message"].as_str().expect("a message");
    assert!(message.contains("takes a stream"), "{packet}");
    nest.send(
        &serde_json::json!({ "pattern": "uploading.beside", "data": { "number": 1 }, "id": 2 }),
    )
    .await;
    assert_eq!(nest.packet().await["response"], 1);
}
