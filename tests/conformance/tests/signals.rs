//! An app that is told to end by the system answers what it has, and ends well.
//!
//! The test runs itself again as the app: signals reach whole processes.

#![cfg(unix)]

use std::{
    env,
    process::{Command, ExitCode, Stdio},
};

use anywire::{App, BoxError, Tcp};
use anywire_conformance::{
    Handlers,
    conformance::{ChecksClient, ChecksServer},
};
use tokio::{
    io::{AsyncBufReadExt as _, AsyncWriteExt as _, BufReader},
    process::Command as Spawn,
};

/// The argument that makes it the app: the port to listen on.
const SERVE: &str = "--serve";

#[tokio::main(worker_threads = 2)]
async fn main() -> Result<ExitCode, BoxError> {
    let mut arguments = env::args().skip_while(|argument| argument != SERVE);
    if let (Some(_), Some(port)) = (arguments.next(), arguments.next()) {
        serve(&port).await?;
        return Ok(ExitCode::SUCCESS);
    }
    for signal in ["TERM", "INT"] {
        drains_on(signal)
            .await
            .map_err(|error| format!("SIG{signal}: {error}"))?;
    }
    Ok(ExitCode::SUCCESS)
}

/// The app. A line on standard input opens the gate.
async fn serve(port: &str) -> Result<(), BoxError> {
    let handlers = Handlers::default();
    let gates = handlers.gates.clone();
    tokio::spawn(async move {
        let mut line = String::new();
        if BufReader::new(tokio::io::stdin())
            .read_line(&mut line)
            .await
            .is_ok()
        {
            gates.open(1);
        }
    });
    let listener = Tcp::listen(format!("127.0.0.1:{port}"));
    App::new()
        .serve(ChecksServer::new(handlers).on(listener))
        .run()
        .await?;
    Ok(())
}

async fn drains_on(signal: &str) -> Result<(), BoxError> {
    let free = std::net::TcpListener::bind("127.0.0.1:0")?.local_addr()?;
    let mut app = Spawn::new(env::current_exe()?)
        .args([SERVE, &free.port().to_string()])
        .stdin(Stdio::piped())
        .kill_on_drop(true)
        .spawn()?;
    let pid = app.id().ok_or("it ended at once")?.to_string();
    let client = loop {
        match Tcp::connect(free.to_string()).await {
            Ok(tcp) => break ChecksClient::new(tcp),
            Err(error) if app.try_wait()?.is_some() => return Err(error.into()),
            Err(_) => tokio::task::yield_now().await,
        }
    };
    let in_flight = tokio::spawn(client.wait(1));
    client.echo("behind it on the same connection").await?;

    if !Command::new("kill")
        .args(["-s", signal, &pid])
        .status()?
        .success()
    {
        return Err("it could not be signalled".into());
    }
    // It has understood when nobody else can connect.
    while Tcp::connect(free.to_string()).await.is_ok() {
        tokio::task::yield_now().await;
    }
    let mut stdin = app.stdin.take().ok_or("no standard input")?;
    stdin.write_all(b"go on\n").await?;
    let answer = in_flight.await??;
    let status = app.wait().await?;
    if answer == 1 && status.success() {
        Ok(())
    } else {
        Err(format!("it answered {answer} and ended with {status}").into())
    }
}
