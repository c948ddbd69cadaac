//! A shop of four parts that talk by contract: a gateway on HTTP, users over
//! TCP, orders and email in memory, or each part in a process of its own.

#![expect(
    clippy::print_stdout,
    clippy::print_stderr,
    reason = "a program for the terminal talks to its user"
)]
#![allow(
    unreachable_pub,
    reason = "from outside nothing of a program can be reached"
)]

mod activity;
mod app;
mod demo;
mod email;
mod gateway;
mod orders;
mod page;
mod users;

/// What the contracts compile to: a module for each file in `contracts/`.
mod contracts {
    anywire::include_contracts!();
}

use std::{
    error::Error,
    io,
    net::{SocketAddr, TcpListener},
    process::ExitCode,
};

use anywire::{Running, StartError};
use clap::{Parser, Subcommand};

/// A gateway and three services. Without a command all of them run in this process.
#[derive(Debug, Parser)]
#[command(version, args_conflicts_with_subcommands = true)]
struct Arguments {
    /// Drive the shop over HTTP, print what happened, and end with 0 if all was as it should be.
    #[arg(long)]
    demo: bool,
    /// With --demo: drive the gateway that runs at this address.
    #[arg(long, value_name = "ADDRESS", requires = "demo")]
    gateway: Option<SocketAddr>,
    /// Where to serve HTTP: by default port 3000, or any free one if it is taken.
    #[arg(long, value_name = "ADDRESS")]
    http: Option<SocketAddr>,
    #[command(subcommand)]
    part: Option<Part>,
}

/// A part of the shop in a process of its own.
#[derive(Debug, Subcommand)]
enum Part {
    /// The gateway alone.
    Gateway {
        /// Where to serve HTTP.
        #[arg(long, value_name = "ADDRESS", default_value = "127.0.0.1:3000")]
        http: SocketAddr,
        /// Where the users service is.
        #[arg(long, value_name = "ADDRESS", default_value = "127.0.0.1:3001")]
        users: SocketAddr,
        /// Where the orders service is.
        #[arg(long, value_name = "ADDRESS", default_value = "127.0.0.1:3002")]
        orders: SocketAddr,
        /// Where the email service is.
        #[arg(long, value_name = "ADDRESS", default_value = "127.0.0.1:3003")]
        email: SocketAddr,
    },
    /// The users service alone.
    Users {
        /// Where to serve it.
        #[arg(long, value_name = "ADDRESS", default_value = "127.0.0.1:3001")]
        tcp: SocketAddr,
        /// Where the email service is, which hears of new users.
        #[arg(long, value_name = "ADDRESS", default_value = "127.0.0.1:3003")]
        email: SocketAddr,
    },
    /// The orders service alone.
    Orders {
        /// Where to serve it.
        #[arg(long, value_name = "ADDRESS", default_value = "127.0.0.1:3002")]
        tcp: SocketAddr,
        /// Where the users service is, which knows who may order.
        #[arg(long, value_name = "ADDRESS", default_value = "127.0.0.1:3001")]
        users: SocketAddr,
    },
    /// The email service alone.
    Email {
        /// Where to serve it.
        #[arg(long, value_name = "ADDRESS", default_value = "127.0.0.1:3003")]
        tcp: SocketAddr,
    },
}

#[tokio::main]
async fn main() -> ExitCode {
    tracing_subscriber::fmt()
        .with_writer(io::stderr)
        .with_target(false)
        .init();
    match run(Arguments::parse()).await {
        Ok(code) => code,
        Err(error) => {
            eprintln!("error: {error}");
            ExitCode::FAILURE
        }
    }
}

async fn run(arguments: Arguments) -> Result<ExitCode, Box<dyn Error>> {
    let running = match arguments.part {
        None if arguments.demo => return demonstrate(arguments.gateway).await,
        None => open(arguments.http).await?,
        Some(Part::Gateway {
            http,
            users,
            orders,
            email,
        }) => app::gateway(http, [users, orders, email]).await?,
        Some(Part::Users { tcp, email }) => app::users(tcp, email).await?,
        Some(Part::Orders { tcp, users }) => app::orders(tcp, users).await?,
        Some(Part::Email { tcp }) => app::email(tcp).await?,
    };
    for endpoint in running.endpoints() {
        let address = endpoint.address.map(|address| address.to_string());
        let address = address.unwrap_or_default();
        println!("{:<12} {:<6} {address}", endpoint.name, endpoint.transport);
    }
    running.until_signal().await?;
    Ok(ExitCode::SUCCESS)
}

/// Opens the whole shop in this process, and says how to try it.
async fn open(http: Option<SocketAddr>) -> Result<Running, Box<dyn Error>> {
    let (running, address) = everything(http).await?;
    println!("The shop is open at http://{address}/");
    println!("Try, while you look at that page:");
    println!(
        "  curl -d '{{\"email\":\"ada@example.com\",\"name\":\"Ada\"}}' \
         -H 'content-type: application/json' http://{address}/users"
    );
    println!("  curl http://{address}/users/1");
    println!("  curl -i http://{address}/users/999");
    println!();
    Ok(running)
}

/// Starts the whole shop on its usual ports, or on others where these are taken.
async fn everything(http: Option<SocketAddr>) -> Result<(Running, SocketAddr), Box<dyn Error>> {
    let mut http_address = http.unwrap_or(local(3000));
    let mut users_address = local(3001);
    loop {
        let taken = match app::everything(http_address, users_address).await {
            Ok(running) => {
                let address = running.address("HTTP").unwrap_or(http_address);
                return Ok((running, address));
            }
            Err(error) if is_taken(&error) => error,
            Err(error) => return Err(error.into()),
        };
        match taken.name {
            // The gateway must know the port before anything is started.
            "Users" => users_address = TcpListener::bind(local(0))?.local_addr()?,
            "HTTP" if http.is_none() => http_address = local(0),
            _ => return Err(taken.into()),
        }
        println!(
            "{}: the usual port is taken, so it gets another one.",
            taken.name
        );
    }
}

fn local(port: u16) -> SocketAddr {
    SocketAddr::from(([127, 0, 0, 1], port))
}

fn is_taken(error: &StartError) -> bool {
    let cause = error.cause.downcast_ref::<io::Error>();
    cause.is_some_and(|cause| cause.kind() == io::ErrorKind::AddrInUse)
}

async fn demonstrate(gateway: Option<SocketAddr>) -> Result<ExitCode, Box<dyn Error>> {
    let went_well = if let Some(gateway) = gateway {
        demo::run(gateway).await?
    } else {
        let (running, address) = everything(Some(local(0))).await?;
        let went_well = demo::run(address).await?;
        running.stop().await?;
        went_well
    };
    Ok(if went_well {
        ExitCode::SUCCESS
    } else {
        ExitCode::FAILURE
    })
}
