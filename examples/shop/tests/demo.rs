//! The demo, against one process and against four.

use std::{
    io::{BufRead as _, BufReader, Read as _},
    net::TcpListener,
    process::{Child, ChildStdout, Command, Stdio},
};

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

    /// Starts a part, and waits until it says where it is.
    fn part(arguments: &[&str]) -> (Self, String) {
        let mut process = Self::start(arguments);
        let address = process.address_after(" Tcp ");
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

fn demonstrate(arguments: &[&str]) {
    let output = shop(arguments).output().expect("the shop can be started");
    let said = String::from_utf8_lossy(&output.stdout);
    let logged = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{said}\n{logged}");
    assert!(said.ends_with("All was as it should be.\n"), "{said}");
}

#[test]
fn in_one_process() {
    demonstrate(&["--demo"]);
}

#[test]
fn in_four_processes() {
    let any = "127.0.0.1:0";
    let (_email, email) = Process::part(&["email", "--tcp", any]);
    let (_users, users) = Process::part(&["users", "--tcp", any, "--email", &email]);
    let (_orders, orders) = Process::part(&["orders", "--tcp", any, "--users", &users]);
    let mut gateway = Process::start(&[
        "gateway", "--http", any, "--users", &users, "--orders", &orders, "--email", &email,
    ]);
    let address = gateway.address_after(" Http ");
    demonstrate(&["--demo", "--gateway", &address]);
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
    let output = shop(&["--http", &address.to_string()])
        .output()
        .expect("the shop can be started");
    let logged = String::from_utf8_lossy(&output.stderr);
    assert!(!output.status.success());
    assert!(logged.contains("cannot serve HTTP on Http"), "{logged}");
}
