//! A transport that a URL chooses: what only it does. The suites on it are
//! among those of the transports.

use anywire::{AnyTransport, App, CallError, Context, Failure, TransportError};
use anywire_brokers::{Kafka, Nats, RabbitMq, Redis, unless_missing};

/// It cannot be encoded as protobuf, and its pattern is no name of a topic.
#[anywire::contract(package = "any.v1")]
mod plain {
    /// Says things.
    #[service]
    pub trait Plain {
        /// Says it again.
        #[message({ cmd: "say" })]
        fn say(#[payload] text: String) -> String;
    }
}

/// Every transport can carry it.
#[anywire::contract(package = "any.v1", encodings(json, proto))]
mod spoken {
    /// Says things.
    #[service]
    pub trait Spoken {
        /// Says it again.
        #[message("any.say")]
        fn say(#[payload] text: String) -> String;
    }
}

use plain::{Plain, PlainClient, PlainServer};
use spoken::{Spoken, SpokenClient, SpokenServer};

struct Speaker;

impl Spoken for Speaker {
    async fn say(&self, _: &Context, text: String) -> Result<String, Failure> {
        Ok(text)
    }
}

impl Plain for Speaker {
    async fn say(&self, _: &Context, text: String) -> Result<String, Failure> {
        Ok(text)
    }
}

fn app(url: &str) -> App {
    App::new().serve(PlainServer::new(Speaker).on(AnyTransport::connect(url)))
}

async fn client(url: &str) -> Result<PlainClient, TransportError> {
    Ok(PlainClient::new(AnyTransport::connect(url).lazy().await?))
}

#[tokio::test]
async fn a_server_is_refused_what_its_transport_cannot_carry() {
    let error = app("grpc://127.0.0.1:0").start().await;
    assert_eq!(
        error.expect_err("it has no numbers").to_string(),
        "cannot serve Plain on Grpc: Grpc cannot carry `Plain.say`, which has no numbers for \
         protobuf: write `encodings(json, proto)` in `#![contract(..)]`"
    );
    // Before a broker is asked.
    let error = app("kafka://127.0.0.1:1").start().await;
    assert_eq!(
        error.expect_err("it has no topic").to_string(),
        "cannot serve Plain on Kafka: Kafka cannot carry `Plain.say`, whose pattern is not the \
         name of a topic: write `topic = \"..\"` beside it in the contract"
    );
}

#[tokio::test]
async fn a_client_is_refused_what_its_transport_cannot_carry() {
    // Nobody listens there: it is refused before it is sent.
    let client = client("grpc://127.0.0.1:1").await.expect("it is lazy");
    match client.say("hello").await {
        Err(CallError::Transport(TransportError::NotCarried(reason))) => {
            assert!(
                reason.starts_with("Grpc cannot carry `Plain.say`"),
                "{reason}"
            );
        }
        other => panic!("expected a refusal, found {other:?}"),
    }
}

#[tokio::test]
async fn a_server_with_tls_needs_what_no_url_holds() {
    for (url, way_out) in [
        ("tcps://127.0.0.1:0", "`Tcp::listen(..).identity(..)`"),
        ("grpcs://127.0.0.1:0", "`Grpc::listen(..).identity(..)`"),
    ] {
        let error = app(url).start().await;
        let error = error.expect_err("there is no certificate").to_string();
        assert!(error.contains(way_out), "{error}");
    }
}

#[tokio::test]
async fn a_client_that_asks_for_tls_goes_on_with_nothing_else() {
    let running = app("tcp://127.0.0.1:0").start().await.expect("it starts");
    let address = running.address("Plain").expect("it listens");
    let error = AnyTransport::connect(format!("tcps://{address}")).await;
    let error = error.expect_err("nobody speaks TLS there").to_string();
    assert!(error.contains("TLS"), "{error}");
}

#[tokio::test]
async fn a_wrong_url_is_an_error_on_either_side() {
    let error = app("ftp://127.0.0.1").start().await;
    let error = error.expect_err("no transport").to_string();
    assert!(
        error.starts_with("cannot serve Plain on AnyTransport: cannot connect to ftp://..:"),
        "{error}"
    );
    let error = client("ftp://127.0.0.1").await.expect_err("no transport");
    assert!(
        matches!(error, TransportError::Unreachable { .. }),
        "{error}"
    );
}

#[tokio::test]
async fn who_names_the_same_memory_meets_there() {
    let running = app("memory:here").start().await.expect("it starts");
    let here = client("memory:here").await.expect("memory is there");
    let same = client("memory://here").await.expect("memory is there");
    let elsewhere = client("memory:elsewhere").await.expect("memory is there");
    assert_eq!(here.say("hello").await.expect("it is served"), "hello");
    assert_eq!(same.say("hello").await.expect("it is served"), "hello");
    assert!(matches!(
        elsewhere.say("hello").await,
        Err(CallError::Transport(TransportError::NoHandler))
    ));
    let endpoints = running.endpoints();
    assert_eq!(
        (endpoints[0].name, endpoints[0].transport),
        ("Plain", "Memory")
    );
}

/// Services start in any order: the client is there first.
#[tokio::test]
async fn a_lazy_client_needs_no_peer_yet() {
    let free = std::net::TcpListener::bind("127.0.0.1:0").expect("there is a free port");
    let address = free.local_addr().expect("a bound port has an address");
    drop(free);
    let url = format!("tcp://{address}");
    let eager = AnyTransport::connect(&url).await;
    assert!(matches!(eager, Err(TransportError::Unreachable { .. })));

    let client = client(&url).await.expect("it is lazy");
    let running = app(&url).start().await.expect("it starts");
    assert_eq!(running.endpoints()[0].transport, "Tcp");
    assert_eq!(running.address("Plain"), Some(address));
    assert_eq!(client.say("hello").await.expect("it is served"), "hello");
}

/// Serves by the URL, and calls by the same, with the port that was given to it.
async fn carries(url: &str, transport: &str) {
    let server = SpokenServer::new(Speaker).on(AnyTransport::connect(url));
    let running = App::new().serve(server).start().await.expect("it starts");
    assert_eq!(running.endpoints()[0].transport, transport);
    let url = match running.address("Spoken") {
        Some(address) => url.replace("127.0.0.1:0", &address.to_string()),
        None => url.to_owned(),
    };
    let client = AnyTransport::connect(url).await.expect("it is there");
    let said = SpokenClient::new(client).say("hello").await;
    assert_eq!(said.expect("it is served"), "hello", "{transport}");
    running.stop().await.expect("it stops");
}

#[tokio::test]
async fn what_listens_is_reached_by_its_url() {
    carries("tcp://127.0.0.1:0", "Tcp").await;
    carries("grpc://127.0.0.1:0", "Grpc").await;
    carries("http://127.0.0.1:0/", "Grpc").await;
}

#[tokio::test]
async fn brokers_are_reached_by_their_urls() {
    if let Some(url) = unless_missing(Redis::shared_url().await) {
        carries(url, "Redis").await;
    }
    if let Some(url) = unless_missing(Nats::shared_url().await) {
        carries(url, "Nats").await;
    }
    if let Some(url) = unless_missing(RabbitMq::shared_url().await) {
        carries(url, "RabbitMq").await;
    }
    if let Some(brokers) = unless_missing(Kafka::shared_url().await) {
        carries(&format!("kafka://{brokers}"), "Kafka").await;
    }
}
