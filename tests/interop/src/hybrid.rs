//! A hybrid application of NestJS and one of ours ask each other: either has
//! HTTP and three transports in one process.

use std::{
    collections::BTreeMap,
    sync::{Arc, OnceLock},
    time::Duration,
};

use anywire::{
    AnyTransport, App, BoxError, CallError, CarriedBy, Context, Failure, Listen, Nats, On,
    OrInternal as _, Redis, Running, Tcp,
    http::{Json, Problem},
};
use axum::{
    Router,
    extract::{Path, State},
    routing::get,
};
use serde_json::{Value, json};
use tokio::{
    io::{AsyncReadExt as _, AsyncWriteExt as _},
    net::TcpStream,
    sync::{Semaphore, watch},
};

use crate::{
    check::{Check, checks, outcome},
    client::remote,
    market::{
        PriceError, PriceOfRequest, Prices, PricesPublisher, PricesServer, StockChanged,
        StockChangedSubscriber, StockClient, StockError,
    },
    peer,
    round::Round,
    wire::Wire,
};

/// As it is called in the tables.
pub(crate) const NAME: &str = "hybrid";

/// What either application has beside HTTP.
const TRANSPORTS: [&str; 3] = ["tcp", "nats", "redis"];

/// Where Nest's transport inherits what its application is told, so that the
/// guard of all is asked there too.
const GUARDED: [&str; 2] = ["tcp", "nats"];

/// The rounds against these versions, by their directions. There are none where
/// a broker is missing.
pub(crate) async fn rounds(versions: impl Iterator<Item = &String>) -> Vec<Round> {
    let wires = Wire::all(&TRANSPORTS.map(str::to_owned)).await;
    let (mut asking_rounds, mut asked_rounds) = (Vec::new(), Vec::new());
    if wires.len() == TRANSPORTS.len() {
        for version in versions {
            let mut asking = Round::new(NAME, "peer asks anywire", version);
            let mut asked = Round::new(NAME, "anywire asks peer", version);
            let checked = against(&wires, version, &mut asking, &mut asked).await;
            asking_rounds.push(asking);
            asked_rounds.push(asked.ended(checked));
        }
    }
    asking_rounds.append(&mut asked_rounds);
    asking_rounds
}

async fn against(
    wires: &[Wire],
    version: &str,
    asking: &mut Round,
    asked: &mut Round,
) -> Result<(), BoxError> {
    let ours = Ours::new();
    let running = ours.app(wires).start().await?;
    let port = |name| running.address(name).map_or(0, |address| address.port());
    let nest = Nest::start(wires, version, port("Prices")).await?;
    for round in [&mut *asking, &mut *asked] {
        round.met(&nest.version);
    }
    let mut peers = BTreeMap::new();
    for wire in wires {
        let transport = wire.connect(nest.port.into()).await?;
        peers.insert(wire.name(), Peer::new(transport));
    }
    // Nobody else sets them.
    let _ = ours.0.peers.set(peers);

    let cx = Cx {
        ours,
        by: TRANSPORTS[0],
        heard: nest.program.heard.clone(),
        nest_http: nest.http,
        our_http: port("HTTP"),
        our_tcp: port("Prices"),
    };
    on_each(OF_PEER, &cx, asked).await;
    on_each(OF_US, &cx, asking).await;
    let events = "each event once, on the transport that it came by";
    asked.note(events, outcome(heard_by_peer(cx.clone())).await);
    asking.note(events, outcome(heard_by_us(cx.clone())).await);
    let drained = outcome(drained(cx.clone(), running)).await;
    asking.note("what is under way is answered when we stop", drained);

    let ended_well = nest.program.end().await?;
    let end = ended_well.then_some(()).ok_or("it did not".to_owned());
    asked.note("the application ends well", end);
    on_each(OF_NOBODY, &cx, asked).await;
    Ok(())
}

/// Makes every check on every transport.
async fn on_each(checks: &[(&str, Check<Cx>)], cx: &Cx, round: &mut Round) {
    for (name, check) in checks {
        for by in TRANSPORTS {
            let cx = Cx { by, ..cx.clone() };
            round.note(&format!("{name}, {by}"), outcome(check(cx)).await);
        }
    }
}

/// Nest's application is asked.
const OF_PEER: &[(&str, Check<Cx>)] = checks! {
    "reply" => reply,
    "declared error" => declared,
    "the guard of all, where it is inherited" => guarded,
    "HTTP to anywire to peer" => through_us,
    "an error through HTTP" => error_through_us,
};

/// Ours is, by Nest's.
const OF_US: &[(&str, Check<Cx>)] = checks! {
    "HTTP to peer to anywire" => through_peer,
    "errors through HTTP" => errors_through_peer,
    "HTTP to peer to anywire to peer" => there_and_back,
};

/// Nest's application has ended.
const OF_NOBODY: &[(&str, Check<Cx>)] = checks! {
    "a call after its end fails" => nobody,
};

/// The application of NestJS.
struct Nest {
    program: peer::Peer,
    version: String,
    port: u16,
    http: u16,
}

impl Nest {
    /// Starts it; `prices` is the port that it asks us on over TCP.
    async fn start(wires: &[Wire], version: &str, prices: u16) -> Result<Self, BoxError> {
        let prices = prices.to_string();
        let mut arguments = vec!["--version", version, "--port", &prices];
        for wire in wires {
            match wire {
                Wire::Nats(url) => arguments.extend(["--nats", url]),
                Wire::Redis(url) => arguments.extend(["--redis", url]),
                _ => {}
            }
        }
        let program = peer::Peer::of_nest("hybrid.mjs", &arguments).await?;
        let ready = &program.ready;
        let port = |name: &str| u16::try_from(ready[name].as_u64().unwrap_or_default());
        Ok(Self {
            version: ready["nest"].as_str().unwrap_or_default().to_owned(),
            port: port("port")?,
            http: port("http")?,
            program,
        })
    }
}

/// Our application, of which there are as many handles as are wanted.
#[derive(Clone)]
struct Ours(Arc<Shared>);

struct Shared {
    /// How Nest's application is reached, once it is there.
    peers: OnceLock<BTreeMap<&'static str, Peer>>,
    /// The transport and the item of every event.
    heard: watch::Sender<Vec<String>>,
    /// How many calls have come to the gate.
    waiting: watch::Sender<usize>,
    gate: Semaphore,
}

/// Nest's application on one transport.
struct Peer {
    stock: StockClient,
    prices: PricesPublisher,
}

impl Peer {
    fn new(transport: AnyTransport) -> Self {
        Self {
            stock: StockClient::new(transport.clone()),
            prices: PricesPublisher::new(transport),
        }
    }
}

impl Ours {
    fn new() -> Self {
        Self(Arc::new(Shared {
            peers: OnceLock::new(),
            heard: watch::Sender::default(),
            waiting: watch::Sender::default(),
            gate: Semaphore::new(0),
        }))
    }

    fn app(&self, wires: &[Wire]) -> App {
        let router = Router::new().route("/stock/{by}/{item}", get(count));
        let app = App::new().http("127.0.0.1:0", router.with_state(self.clone()));
        wires.iter().fold(app, |app, wire| {
            let handler = Handler {
                ours: self.clone(),
                by: wire.name(),
            };
            match wire {
                Wire::Tcp => handler.on(Tcp::listen("127.0.0.1:0"), app),
                Wire::Nats(url) => handler.on(Nats::connect(*url), app),
                Wire::Redis(url) => handler.on(Redis::connect(*url), app),
                _ => app,
            }
        })
    }

    fn peer(&self, by: &str) -> &Peer {
        &self.0.peers.get().expect("the peer is there")[by]
    }
}

async fn count(
    State(ours): State<Ours>,
    Path((by, item)): Path<(String, String)>,
) -> Result<Json<u32>, Problem> {
    Ok(Json(ours.peer(&by).stock.count(item).await?))
}

/// What our application answers and hears on one transport.
#[derive(Clone)]
struct Handler {
    ours: Ours,
    by: &'static str,
}

impl Handler {
    fn on<L: Listen + Clone>(self, listener: L, app: App) -> App
    where
        PricesServer<Self>: CarriedBy<L::Profile>,
        StockChanged: CarriedBy<L::Profile>,
    {
        app.serve(PricesServer::new(self.clone()).on(listener.clone()))
            .subscribe(StockChangedSubscriber::new(self).on(listener))
    }
}

impl Prices for Handler {
    async fn price_of(
        &self,
        cx: &Context,
        request: PriceOfRequest,
    ) -> Result<u32, Failure<PriceError>> {
        let Shared { waiting, gate, .. } = &*self.ours.0;
        match request.item.as_str() {
            "apple" => Ok(3),
            "counted" => Ok(self
                .ours
                .peer(self.by)
                .stock
                .count("apple")
                .within(cx)
                .await?),
            "late" => {
                waiting.send_modify(|waiting| *waiting += 1);
                gate.acquire().await.internal()?.forget();
                Ok(5)
            }
            "boom" => Err("a secret that must not travel").internal()?,
            _ => Err(PriceError::NoPrice { item: request.item })?,
        }
    }
}

impl On<StockChanged> for Handler {
    async fn on(&self, _: &Context, event: StockChanged) -> Result<(), Failure> {
        let line = format!("{} by {}", event.item, self.by);
        self.ours.0.heard.send_modify(|lines| lines.push(line));
        Ok(())
    }
}

/// Both applications, and the transport on which they are checked.
#[derive(Clone)]
struct Cx {
    ours: Ours,
    by: &'static str,
    /// What Nest's application says that it heard.
    heard: watch::Receiver<Vec<Value>>,
    nest_http: u16,
    our_http: u16,
    our_tcp: u16,
}

impl Cx {
    fn stock(&self) -> &StockClient {
        &self.ours.peer(self.by).stock
    }

    /// Asks Nest's application for a price over HTTP, which it asks us for.
    async fn price_of(&self, item: &str) -> (u16, Value) {
        http(
            "GET",
            self.nest_http,
            &format!("/prices/{}/{item}", self.by),
        )
        .await
    }
}

/// A request over HTTP: the status of its answer, and the JSON in it.
async fn http(method: &str, port: u16, path: &str) -> (u16, Value) {
    let connected = TcpStream::connect(("127.0.0.1", port)).await;
    let mut stream = connected.expect("it listens");
    let head = format!("{method} {path} HTTP/1.1\r\nhost: localhost\r\nconnection: close\r\n\r\n");
    let sent = stream.write_all(head.as_bytes()).await;
    sent.expect("it takes a request");
    let mut answer = String::new();
    let read = stream.read_to_string(&mut answer).await;
    read.expect("it answers");
    let (head, body) = answer.split_once("\r\n\r\n").expect("an end of the head");
    let status = head.split(' ').nth(1).and_then(|code| code.parse().ok());
    let body = serde_json::from_str(body).unwrap_or_default();
    (status.expect("a status"), body)
}

async fn reply(cx: Cx) {
    assert_eq!(cx.stock().count("apple").await.expect("a count"), 7);
}

async fn declared(cx: Cx) {
    let item = "none".to_owned();
    match cx.stock().count("none").await {
        Err(CallError::Service(error)) => assert_eq!(error, StockError::NoSuchItem { item }),
        other => panic!("expected the declared error, found {other:?}"),
    }
}

async fn guarded(cx: Cx) {
    let answer = cx.stock().count("forbidden").await;
    if GUARDED.contains(&cx.by) {
        assert_eq!(remote(answer).message(), "Forbidden resource");
    } else {
        assert_eq!(answer.expect("a count"), 7);
    }
}

async fn through_us(cx: Cx) {
    let path = format!("/stock/{}/apple", cx.by);
    assert_eq!(http("GET", cx.our_http, &path).await, (200, json!(7)));
}

async fn error_through_us(cx: Cx) {
    let path = format!("/stock/{}/none", cx.by);
    let (status, problem) = http("GET", cx.our_http, &path).await;
    assert_eq!(status, 404);
    assert_eq!(problem["code"], "NO_SUCH_ITEM");
    assert_eq!(problem["details"], json!({ "item": "none" }));
}

async fn through_peer(cx: Cx) {
    assert_eq!(cx.price_of("apple").await, (200, json!(3)));
}

async fn errors_through_peer(cx: Cx) {
    let declared = json!({
        "status": 404,
        "message": "There is no price of air",
        "code": "NO_PRICE",
        "type": "interop.market.v1.PriceError",
        "details": { "item": "air" },
    });
    assert_eq!(cx.price_of("air").await, (404, declared));
    let hidden = json!({ "status": "error", "message": "Internal server error" });
    assert_eq!(cx.price_of("boom").await, (502, hidden));
    // Nest's own guard; we are not asked.
    assert_eq!(cx.price_of("forbidden").await.0, 403);
}

async fn there_and_back(cx: Cx) {
    assert_eq!(cx.price_of("counted").await, (200, json!(7)));
}

/// The items of two events over a transport: behind the last one nothing comes
/// any more there.
fn items(by: &str) -> [String; 2] {
    [format!("first-over-{by}"), format!("last-over-{by}")]
}

async fn heard_by_peer(mut cx: Cx) {
    let line = |by, item| json!({ "event": "price.changed", "by": by, "data": { "item": item } });
    let mut expected = Vec::new();
    let mut last = Vec::new();
    for by in TRANSPORTS {
        for item in items(by) {
            let sent = cx.ours.peer(by).prices.price_changed(item.as_str()).await;
            sent.expect("it is sent");
            expected.push(line(by, item).to_string());
        }
        last.extend(expected.last().cloned());
    }
    let texts = |lines: &Vec<Value>| lines.iter().map(ToString::to_string).collect::<Vec<_>>();
    let all_last = |lines: &Vec<Value>| last.iter().all(|line| texts(lines).contains(line));
    let heard = cx.heard.wait_for(all_last).await.expect("it goes on");
    assert_eq!(sorted(texts(&heard)), sorted(expected));
}

async fn heard_by_us(cx: Cx) {
    let mut expected = Vec::new();
    let mut last = Vec::new();
    for by in TRANSPORTS {
        for item in items(by) {
            let path = format!("/stock/{by}/{item}");
            assert_eq!(http("POST", cx.nest_http, &path).await.0, 201);
            expected.push(format!("{item} by {by}"));
        }
        last.extend(expected.last().cloned());
    }
    let all_last = |lines: &Vec<String>| last.iter().all(|line| lines.contains(line));
    let mut heard = cx.ours.0.heard.subscribe();
    let heard = heard.wait_for(all_last).await.expect("it is ours").clone();
    assert_eq!(sorted(heard), sorted(expected));
}

fn sorted(mut lines: Vec<String>) -> Vec<String> {
    lines.sort();
    lines
}

async fn drained(cx: Cx, running: Running) {
    let calls = TRANSPORTS.map(|by| {
        let cx = Cx { by, ..cx.clone() };
        tokio::spawn(async move { cx.price_of("late").await })
    });
    let Shared { waiting, gate, .. } = &*cx.ours.0;
    let mut waiting = waiting.subscribe();
    let all_wait = waiting.wait_for(|waiting| *waiting == TRANSPORTS.len());
    all_wait.await.expect("it is ours");
    let stopped = tokio::spawn(running.stop());
    // Every transport is told at once, so that none takes anything new by then.
    while TcpStream::connect(("127.0.0.1", cx.our_tcp)).await.is_ok() {
        tokio::task::yield_now().await;
    }
    gate.add_permits(TRANSPORTS.len());
    for call in calls {
        assert_eq!(call.await.expect("no panic"), (200, json!(5)));
    }
    stopped.await.expect("no panic").expect("it drains");
}

async fn nobody(cx: Cx) {
    let answer = cx.stock().count("apple").timeout(Duration::from_secs(5));
    let answer = answer.await;
    assert!(matches!(answer, Err(CallError::Transport(_))), "{answer:?}");
}
