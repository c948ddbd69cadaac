//! The demo, against one process and against four, without brokers and with real ones.

use std::{
    io::{BufRead as _, BufReader, Read as _},
    net::TcpListener,
    process::{Child, ChildStdout, Command, Stdio},
};

use anywire_brokers::{Nats, Redis, unless_missing};

/// The program, with arguments.
fn shop(arguments: &[&str]) -> Command {
    let mut shop = Command::new(env!("CARGO_BIN_EXE_shop"));
    shop.args(arguments);
    shop
}

/// A shop, or a part of it, in a process of its own. It is ended when it is dropped.
struct Process {
    child: Child,
    // Kept open: who prints into a closed pipe fails.
    output: BufReader<ChildStdout>,
}

impl Process {
    fn start(arguments: &[&str]) -> Self {
        let mut child = shop(arguments)
            .stdout(Stdio::piped())
            .spawn()
            .expect("the shop can be started");
        let output = child.stdout.take().expect("the output is piped");
        Self {
            child,
            output: BufReader::new(output),
        }
    }

    /// Starts a part, and waits until it says where it is, and so is ready.
    fn part(arguments: &[&str], transport: &str) -> (Self, String) {
        let mut process = Self::start(arguments);
        let address = process.address_after(transport);
        (process, address)
    }

    /// The address behind a text in what the process prints.
    fn address_after(&mut self, text: &str) -> String {
        let mut lines = self.output.by_ref().lines();
        let address = lines.find_map(|line| {
            let line = line.expect("the output is text");
            let (_, address) = line.split_once(text)?;
            Some(address.trim().trim_end_matches('/').to_owned())
        });
        address.expect("the process says where it is")
    }
}

impl Drop for Process {
    fn drop(&mut self) {
        // An error means that it has ended already.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// What the demo says, which must be that all was as it should be.
fn demonstrate(arguments: &[&str]) -> String {
    let output = shop(arguments).output().expect("the shop can be started");
    let said = String::from_utf8_lossy(&output.stdout).into_owned();
    let logged = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{said}\n{logged}");
    assert!(said.ends_with("All was as it should be.\n"), "{said}");
    said
}

#[test]
fn in_one_process() {
    let said = demonstrate(&["--demo"]);
    for link in [
        "Users   is there: TCP 127.0.0.1:",
        "Orders  is there: gRPC 127.0.0.1:",
        "Email   is there: in memory, without a broker\n",
    ] {
        assert!(said.contains(link), "{link} in {said}");
    }
}

#[test]
fn in_four_processes() {
    let (_email, email) = Process::part(&["email", "--email", "tcp://127.0.0.1:0"], " Tcp ");
    let email = format!("tcp://{email}");
    in_three_more_processes(&email);
}

/// Users, orders and the gateway, which reach email by this URL.
fn in_three_more_processes(email: &str) -> String {
    let (tcp, grpc) = ("tcp://127.0.0.1:0", "grpc://127.0.0.1:0");
    let (_users, users) = Process::part(&["users", "--users", tcp, "--email", email], " Tcp ");
    let users = format!("tcp://{users}");
    let (_orders, orders) =
        Process::part(&["orders", "--orders", grpc, "--users", &users], " Grpc ");
    let orders = format!("grpc://{orders}");
    let http = "127.0.0.1:0";
    let (_gateway, gateway) = Process::part(
        &[
            "gateway", "--http", http, "--users", &users, "--orders", &orders, "--email", email,
        ],
        " Http ",
    );
    demonstrate(&["--demo", "--gateway", &gateway])
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn over_redis() {
    let Some(redis) = unless_missing(Redis::new().password("secret").start().await) else {
        return;
    };
    let url = redis.url();
    let (_, address) = url.split_once('@').expect("it has a password");
    let link = format!("Email   is there: Redis {address}\n");
    let said = demonstrate(&["--demo", "--redis", url]);
    assert!(said.contains(&link), "{link} in {said}");
    // The password is shown to nobody.
    assert!(!said.contains("secret"), "{said}");

    let (_email, _) = Process::part(&["email", "--redis", url], " Redis ");
    let said = in_three_more_processes(url);
    assert!(said.contains(&link), "{link} in {said}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn over_redis_and_nats() {
    let (redis, nats) = tokio::join!(Redis::new().start(), Nats::new().start());
    let (Some(redis), Some(nats)) = (unless_missing(redis), unless_missing(nats)) else {
        return;
    };
    let said = demonstrate(&["--demo", "--redis", redis.url(), "--nats", nats.url()]);
    for link in [
        "Users   is there: NATS 127.0.0.1:",
        "Orders  is there: gRPC 127.0.0.1:",
        "Email   is there: Redis 127.0.0.1:",
    ] {
        assert!(said.contains(link), "{link} in {said}");
    }
}

#[test]
fn a_broker_that_is_not_there_is_named() {
    let free = TcpListener::bind("127.0.0.1:0").expect("there is a free port");
    let address = free.local_addr().expect("a bound port has an address");
    drop(free);
    let logged = refused(&["--redis", &format!("redis://{address}")]);
    let said = format!("error: cannot connect to {address}: ");
    assert!(logged.contains(&said), "{logged}");
}

/// The contract of email has no numbers for protobuf.
#[test]
fn a_transport_that_cannot_carry_a_service_is_refused() {
    let logged = refused(&["--email", "grpc://127.0.0.1:0"]);
    assert!(
        logged.contains("cannot serve Email on Grpc: Grpc cannot carry `Email.sent`"),
        "{logged}"
    );
}

/// What a shop says that does not open.
fn refused(arguments: &[&str]) -> String {
    let output = shop(arguments).output().expect("the shop can be started");
    assert!(!output.status.success());
    String::from_utf8_lossy(&output.stderr).into_owned()
}

#[test]
fn a_taken_port_is_replaced() {
    // Taken from here on, by this test or by somebody else.
    let _taken = TcpListener::bind("127.0.0.1:3000");
    let mut shop = Process::start(&[]);
    let address = shop.address_after("The shop is open at http://");
    assert_ne!(address, "127.0.0.1:3000");
    demonstrate(&["--demo", "--gateway", &address]);
}

#[test]
fn a_port_that_was_asked_for_is_not_replaced() {
    let taken = TcpListener::bind("127.0.0.1:0").expect("there is a free port");
    let address = taken.local_addr().expect("a bound port has an address");
    let logged = refused(&["--http", &address.to_string()]);
    assert!(logged.contains("cannot serve HTTP on Http"), "{logged}");
}
