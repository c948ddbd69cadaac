//! A shop of four parts that talk by contract: a gateway on HTTP, users over
//! TCP, orders over gRPC, email over Redis or in memory; all in one process, or
//! each in a process of its own.

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
    io,
    net::{SocketAddr, TcpListener},
    process::ExitCode,
};

use anywire::{BoxError, Running, StartError};
use clap::{Args, Parser, Subcommand};

use crate::app::Services;

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
    #[command(flatten)]
    everything: Everything,
    #[command(subcommand)]
    part: Option<Part>,
}

/// Where the parts are when all of them run in this process.
#[derive(Debug, Args)]
struct Everything {
    /// Where to serve HTTP: by default port 3000, or any free one if it is taken.
    #[arg(long, value_name = "ADDRESS")]
    http: Option<SocketAddr>,
    /// What carries users: by default tcp://127.0.0.1:3001, or any free port if it is taken.
    #[arg(long, visible_alias = "nats", value_name = "URL")]
    users: Option<String>,
    /// What carries orders: by default grpc://127.0.0.1:3002, or any free port if it is taken.
    #[arg(long, value_name = "URL")]
    orders: Option<String>,
    /// What carries email: by default memory, for which nothing has to be installed.
    #[arg(long, visible_alias = "redis", value_name = "URL")]
    email: Option<String>,
}

/// A part of the shop in a process of its own.
#[derive(Debug, Subcommand)]
enum Part {
    /// The gateway alone.
    Gateway {
        /// Where to serve HTTP.
        #[arg(long, value_name = "ADDRESS", default_value = "127.0.0.1:3000")]
        http: SocketAddr,
        #[command(flatten)]
        users: UsersUrl,
        #[command(flatten)]
        orders: OrdersUrl,
        #[command(flatten)]
        email: EmailUrl,
    },
    /// The users service alone.
    Users {
        #[command(flatten)]
        users: UsersUrl,
        #[command(flatten)]
        email: EmailUrl,
    },
    /// The orders service alone.
    Orders {
        #[command(flatten)]
        orders: OrdersUrl,
        #[command(flatten)]
        users: UsersUrl,
    },
    /// The email service alone.
    Email {
        #[command(flatten)]
        email: EmailUrl,
    },
}

#[derive(Debug, Args)]
struct UsersUrl {
    /// What carries users, who may order.
    #[arg(
        long,
        visible_alias = "nats",
        value_name = "URL",
        default_value = "tcp://127.0.0.1:3001"
    )]
    users: String,
}

#[derive(Debug, Args)]
struct OrdersUrl {
    /// What carries orders.
    #[arg(long, value_name = "URL", default_value = "grpc://127.0.0.1:3002")]
    orders: String,
}

#[derive(Debug, Args)]
struct EmailUrl {
    /// What carries email, which hears of new users.
    #[arg(
        long,
        visible_alias = "redis",
        value_name = "URL",
        default_value = "tcp://127.0.0.1:3003"
    )]
    email: String,
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

async fn run(arguments: Arguments) -> Result<ExitCode, BoxError> {
    let running = match arguments.part {
        None if arguments.demo => {
            return demonstrate(arguments.gateway, arguments.everything).await;
        }
        None => open(arguments.everything).await?,
        Some(Part::Gateway {
            http,
            users: UsersUrl { users },
            orders: OrdersUrl { orders },
            email: EmailUrl { email },
        }) => {
            let services = Services {
                users,
                orders,
                email,
            };
            app::gateway(http, &services).await?
        }
        Some(Part::Users { users, email }) => app::users(&users.users, &email.email).await?,
        Some(Part::Orders { orders, users }) => app::orders(&orders.orders, &users.users).await?,
        Some(Part::Email { email }) => app::email(&email.email).await?,
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
async fn open(asked: Everything) -> Result<Running, BoxError> {
    let is_in_memory = asked.email.is_none();
    let (running, address) = everything(asked).await?;
    println!("The shop is open at http://{address}/");
    println!("Try, while you look at that page:");
    println!(
        "  curl -d '{{\"email\":\"ada@example.com\",\"name\":\"Ada\"}}' \
         -H 'content-type: application/json' http://{address}/users"
    );
    println!("  curl http://{address}/users/1");
    println!("  curl -i http://{address}/users/999");
    if is_in_memory {
        println!("Email runs in memory: --redis redis://127.0.0.1:6379 has Redis carry it.");
    }
    println!();
    Ok(running)
}

/// Starts the whole shop on its usual ports, or on others where these are taken
/// and were not asked for.
async fn everything(asked: Everything) -> Result<(Running, SocketAddr), BoxError> {
    let or = |url: &Option<String>, usual: &str| url.as_deref().unwrap_or(usual).to_owned();
    let mut http = asked.http.unwrap_or(local(3000));
    let mut services = Services {
        users: or(&asked.users, "tcp://127.0.0.1:3001"),
        orders: or(&asked.orders, "grpc://127.0.0.1:3002"),
        email: or(&asked.email, "memory:email"),
    };
    loop {
        let error = match app::everything(http, &services).await {
            Ok(running) => {
                let address = running.address("HTTP").unwrap_or(http);
                return Ok((running, address));
            }
            Err(error) => error,
        };
        let name = match taken(&error) {
            // The gateway must know the ports before anything is started.
            Some(name @ "Users") if asked.users.is_none() => {
                services.users = format!("tcp://{}", free()?);
                name
            }
            Some(name @ "Orders") if asked.orders.is_none() => {
                services.orders = format!("grpc://{}", free()?);
                name
            }
            Some(name @ "HTTP") if asked.http.is_none() => {
                http = local(0);
                name
            }
            _ => return Err(error),
        };
        println!("{name}: the usual port is taken, so it gets another one.");
    }
}

fn local(port: u16) -> SocketAddr {
    SocketAddr::from(([127, 0, 0, 1], port))
}

/// An address that nobody listens on.
fn free() -> io::Result<SocketAddr> {
    TcpListener::bind(local(0))?.local_addr()
}

/// The part whose address is in use, if that is what went wrong.
fn taken(error: &BoxError) -> Option<&'static str> {
    let error: &StartError = error.downcast_ref()?;
    let cause: &io::Error = error.cause.downcast_ref()?;
    (cause.kind() == io::ErrorKind::AddrInUse).then_some(error.name)
}

async fn demonstrate(
    gateway: Option<SocketAddr>,
    mut asked: Everything,
) -> Result<ExitCode, BoxError> {
    let went_well = if let Some(gateway) = gateway {
        demo::run(gateway).await?
    } else {
        asked.http.get_or_insert(local(0));
        let (running, address) = everything(asked).await?;
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
