//! Starts brokers, and runs a command with their addresses in its environment.
//!
//! ```text
//! anywire-brokers redis nats rabbitmq kafka -- cargo test
//! ```
//!
//! Without a command they run until standard input ends. What is given by the
//! environment already is left as it is.

use std::{
    env, io,
    process::{Command, ExitCode},
};

use anywire_brokers::{Broker, Error, Kafka, Nats, RabbitMq, Redis};
use tokio::task::JoinSet;

#[tokio::main]
#[expect(clippy::print_stderr, reason = "errors are for whoever called it")]
async fn main() -> ExitCode {
    run().await.unwrap_or_else(|error| {
        eprintln!("{error}");
        ExitCode::FAILURE
    })
}

#[expect(clippy::print_stdout, reason = "the addresses are what this is for")]
async fn run() -> Result<ExitCode, Box<dyn std::error::Error>> {
    let mut arguments = env::args().skip(1);
    let mut starting = JoinSet::new();
    for name in arguments.by_ref().take_while(|argument| argument != "--") {
        let variable = variable(&name)?;
        let is_given = env::var(variable).is_ok_and(|url| !url.is_empty());
        if !is_given {
            starting.spawn(async move { (variable, start(variable).await) });
        }
    }
    let mut brokers = Vec::new();
    while let Some(started) = starting.join_next().await {
        let (variable, broker) = started?;
        brokers.push((variable, broker?));
    }
    for (variable, broker) in &brokers {
        println!("export {variable}={}", broker.url());
    }
    let Some(program) = arguments.next() else {
        io::copy(&mut io::stdin(), &mut io::sink())?;
        return Ok(ExitCode::SUCCESS);
    };
    let addresses = brokers
        .iter()
        .map(|(variable, broker)| (variable, broker.url()));
    let status = Command::new(program)
        .args(arguments)
        .envs(addresses)
        .status()?;
    let code = status.code().and_then(|code| u8::try_from(code).ok());
    Ok(code.map_or(ExitCode::FAILURE, ExitCode::from))
}

fn variable(name: &str) -> Result<&'static str, String> {
    match name {
        "redis" => Ok(Redis::VARIABLE),
        "nats" => Ok(Nats::VARIABLE),
        "rabbitmq" => Ok(RabbitMq::VARIABLE),
        "kafka" => Ok(Kafka::VARIABLE),
        _ => Err(format!(
            "unknown broker `{name}`, expected one of redis, nats, rabbitmq, kafka"
        )),
    }
}

async fn start(variable: &str) -> Result<Broker, Error> {
    match variable {
        Redis::VARIABLE => Redis::new().start().await,
        Nats::VARIABLE => Nats::new().start().await,
        RabbitMq::VARIABLE => RabbitMq::new().start().await,
        _ => Kafka::new().start().await,
    }
}
