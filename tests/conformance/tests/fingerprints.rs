//! Peers that were compiled from two versions of a contract: a line in the log
//! of the server, and all is served that both know.

use std::{
    fmt::{Debug, Write as _},
    net::SocketAddr,
    sync::{Mutex, PoisonError},
};

use anywire::{App, Context, Failure, Grpc, NativeTcp, Operation as _, Running};
use tracing::{
    Event, Level, Metadata, Subscriber,
    field::{Field, Visit},
    span,
};

/// What the server was compiled from.
#[anywire::contract(package = "users.v1", encodings(json, proto))]
mod ours {
    pub struct User {
        #[n(1)]
        pub name: String,
    }

    #[service]
    pub trait Users {
        #[message("users.get")]
        fn get(#[n(1)] id: u32) -> User;
        #[message("users.find")]
        fn find(#[n(1)] name: String) -> User;
        #[message("users.count")]
        fn count() -> u32;
    }
}

/// What its clients were: a user has more, and all else is the same.
#[anywire::contract(package = "users.v1", encodings(json, proto))]
mod theirs {
    /// Somebody.
    pub struct User {
        #[n(2)]
        pub email: Option<String>,
        #[n(1)]
        pub name: String,
    }

    #[service]
    pub trait Users {
        #[message("users.count", timeout = "2s")]
        fn count() -> u32;
        #[message("users.get")]
        fn get(#[n(1)] id: u32) -> User;
        #[message("users.find")]
        fn find(#[n(1)] name: String) -> User;
    }
}

struct Ada;

impl ours::Users for Ada {
    async fn get(&self, cx: &Context, _: ours::GetRequest) -> Result<ours::User, Failure> {
        assert_eq!(cx.headers().len(), 0, "it is nothing that a handler sees");
        Ok(ours::User::new("Ada"))
    }

    async fn find(&self, cx: &Context, _: ours::FindRequest) -> Result<ours::User, Failure> {
        assert_eq!(cx.headers().len(), 0, "it is nothing that a handler sees");
        Ok(ours::User::new("Ada"))
    }

    async fn count(&self, _: &Context, _: ours::CountRequest) -> Result<u32, Failure> {
        Ok(1)
    }
}

/// The warnings of this process.
struct Log;

static LINES: Mutex<Vec<String>> = Mutex::new(Vec::new());

/// Those that are about one operation.
fn lines_about(operation: &str) -> Vec<String> {
    let lines = LINES.lock().unwrap_or_else(PoisonError::into_inner);
    let about = lines.iter().filter(|line| line.contains(operation));
    about.cloned().collect()
}

struct Line(String);

impl Visit for Line {
    fn record_debug(&mut self, field: &Field, value: &dyn Debug) {
        // Writing to a string cannot fail.
        let _ = write!(self.0, "{field}={value:?} ");
    }
}

impl Subscriber for Log {
    fn enabled(&self, metadata: &Metadata<'_>) -> bool {
        *metadata.level() == Level::WARN && metadata.target().starts_with("anywire")
    }

    fn event(&self, event: &Event<'_>) {
        let mut line = Line(String::new());
        event.record(&mut line);
        let mut lines = LINES.lock().unwrap_or_else(PoisonError::into_inner);
        lines.push(line.0);
    }

    fn new_span(&self, _: &span::Attributes<'_>) -> span::Id {
        span::Id::from_u64(1)
    }

    fn record(&self, _: &span::Id, _: &span::Record<'_>) {}

    fn record_follows_from(&self, _: &span::Id, _: &span::Id) {}

    fn enter(&self, _: &span::Id) {}

    fn exit(&self, _: &span::Id) {}
}

fn listen_to_the_log() {
    // The other test may have been first.
    let _ = tracing::subscriber::set_global_default(Log);
}

#[track_caller]
fn assert_told_once(operation: &str, ours: &str, theirs: &str) {
    let lines = lines_about(operation);
    assert_eq!(lines.len(), 1, "{lines:?}");
    assert!(
        lines[0].contains(ours) && lines[0].contains(theirs),
        "{lines:?}"
    );
}

#[tokio::test]
async fn over_native_tcp() {
    listen_to_the_log();
    let server = ours::UsersServer::new(Ada).on(NativeTcp::listen("127.0.0.1:0"));
    let (_running, address) = serve(server).await;
    for _ in 0..2 {
        let tcp = NativeTcp::connect(address.to_string());
        let client = theirs::UsersClient::new(tcp.await.expect("a client"));
        assert_eq!(client.count().await.expect("a count"), 1);
        for _ in 0..2 {
            assert_eq!(client.get(7).await.expect("a user").name, "Ada");
        }
    }
    let (ours, theirs) = (ours::op::Get::META, theirs::op::Get::META);
    assert_told_once("Users.get", ours.fingerprint, theirs.fingerprint);
    assert_eq!(lines_about("Users.count"), [""; 0]);
}

#[tokio::test]
async fn over_grpc() {
    listen_to_the_log();
    let server = ours::UsersServer::new(Ada).on(Grpc::listen("127.0.0.1:0"));
    let (_running, address) = serve(server).await;
    for _ in 0..2 {
        let grpc = Grpc::connect(format!("http://{address}"));
        let client = theirs::UsersClient::new(grpc.await.expect("a client"));
        assert_eq!(client.count().await.expect("a count"), 1);
        for _ in 0..2 {
            assert_eq!(client.find("Ada").await.expect("a user").name, "Ada");
        }
    }
    let (ours, theirs) = (ours::op::Find::META, theirs::op::Find::META);
    assert_told_once("Users.find", ours.fingerprint, theirs.fingerprint);
    assert_eq!(lines_about("Users.count"), [""; 0]);
}

async fn serve(server: anywire::Bound) -> (Running, SocketAddr) {
    let running = App::new().serve(server).start().await;
    let running = running.expect("the app starts");
    let address = running.address("Users").expect("it has an address");
    (running, address)
}
