//! A broker ends with the process that started it, in whatever way that ends.

use std::{
    env, fs,
    io::{BufRead as _, BufReader},
    net::TcpStream,
    process::{Child, Command, Stdio},
    thread,
    time::{Duration, Instant},
};

use anywire_brokers::{Redis, unless_missing};

fn brokers(arguments: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_anywire-brokers"));
    command.args(arguments).env_remove(Redis::VARIABLE);
    command
}

/// Whether there is a Redis to start at all.
async fn has_redis() -> bool {
    unless_missing(Redis::new().start().await).is_some()
}

fn until(what: &str, mut is_so: impl FnMut() -> bool) {
    let began = Instant::now();
    while !is_so() {
        assert!(began.elapsed() < Duration::from_secs(10), "never: {what}");
        // What is waited for is outside this process, and tells nobody.
        thread::sleep(Duration::from_millis(10));
    }
}

async fn check_end(end: impl FnOnce(&mut Child)) {
    if !has_redis().await {
        return;
    }
    let folder = tempfile::tempdir().expect("there is room");
    let mut program = brokers(&["redis"])
        .env("TMPDIR", folder.path())
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .expect("it is built");
    let mut line = String::new();
    let output = program.stdout.take().expect("it is a pipe");
    BufReader::new(output)
        .read_line(&mut line)
        .expect("it says the address");
    let (_, address) = line.trim().split_once("=redis://").expect("it is a URL");
    TcpStream::connect(address).expect("Redis listens");

    end(&mut program);
    program.wait().expect("it ends");
    until("Redis is gone", || TcpStream::connect(address).is_err());
    until("its folder is gone", || {
        fs::read_dir(folder.path()).is_ok_and(|mut folder| folder.next().is_none())
    });
}

#[tokio::test]
async fn nothing_is_left_when_standard_input_ends() {
    check_end(|program| drop(program.stdin.take())).await;
}

#[tokio::test]
async fn nothing_is_left_when_the_process_is_killed() {
    check_end(|program| program.kill().expect("it runs")).await;
}

#[tokio::test]
async fn a_command_gets_the_addresses_and_its_status_is_passed_on() {
    if !has_redis().await {
        return;
    }
    let script = format!("echo ${}; exit 7", Redis::VARIABLE);
    let output = brokers(&["redis", "--", "sh", "-c", &script])
        .output()
        .expect("it is built");
    assert_eq!(output.status.code(), Some(7));
    let printed = String::from_utf8(output.stdout).expect("it is text");
    let (export, heard) = printed.trim().split_once('\n').expect("two lines");
    assert_eq!(export, format!("export {}={heard}", Redis::VARIABLE));
}

#[tokio::test]
async fn a_given_broker_is_used() {
    const GIVEN: &str = "redis://somewhere:1";
    let is_given = env::var(Redis::VARIABLE).is_ok_and(|url| url == GIVEN);
    if is_given {
        assert_eq!(Redis::shared_url().await.expect("it is given"), GIVEN);
        return;
    }
    // The environment of a process cannot be changed safely, so it is another one's.
    let again = Command::new(env::current_exe().expect("it runs"))
        .args(["--exact", "a_given_broker_is_used"])
        .env(Redis::VARIABLE, GIVEN)
        .output()
        .expect("it runs again");
    assert!(again.status.success(), "{again:?}");
    let output = brokers(&["redis", "--", "true"])
        .env(Redis::VARIABLE, GIVEN)
        .output()
        .expect("it is built");
    assert!(output.status.success());
    assert!(output.stdout.is_empty(), "nothing was started");
}

#[test]
fn a_shared_broker_outlives_the_runtime_of_a_test() {
    let url = || {
        tokio::runtime::Builder::new_current_thread()
            .build()
            .expect("there are threads")
            .block_on(Redis::shared_url())
    };
    let Some(first) = unless_missing(url()) else {
        return;
    };
    assert_eq!(first, url().expect("it runs already"));
    let (_, address) = first.rsplit_once(['/', '@']).expect("it is a URL");
    TcpStream::connect(address).expect("it still listens");
}

#[test]
fn an_unknown_broker_is_named() {
    let output = brokers(&["rabbit"]).output().expect("it is built");
    assert_eq!(output.status.code(), Some(1));
    let said = String::from_utf8_lossy(&output.stderr);
    assert_eq!(
        said,
        "unknown broker `rabbit`, expected one of redis, nats, rabbitmq, kafka\n"
    );
}
