//! Runs the same small typed request and reply through anywire and its peers,
//! side by side on loopback, and writes `RESULTS.md`.
//!
//! `cargo run --release -p anywire-benches` measures all, with `-- nats` one
//! transport; `--help` tells the rest.

#![expect(clippy::print_stdout, reason = "this program's output is its purpose")]
#![expect(
    clippy::cast_precision_loss,
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "counts and times of a benchmark are small"
)]

use std::{
    io::{BufRead as _, Write as _},
    process::ExitCode,
};

use clap::{Parser, Subcommand};

use contestant::Contestant;
use load::{Load, cpu_seconds};

mod contestant;
mod load;
mod peer;
mod report;
mod run;
mod target;
mod wire;

anywire::include_contracts!();

/// Whatever keeps a measurement from being made.
type BoxError = Box<dyn std::error::Error + Send + Sync>;

#[derive(Parser)]
#[command(
    about = "anywire side by side with its peers",
    args_conflicts_with_subcommands = true
)]
struct Arguments {
    #[command(subcommand)]
    role: Option<Role>,
    #[command(flatten)]
    run: run::Options,
}

#[derive(Subcommand)]
enum Role {
    /// Serves until stdin closes; answers `cpu` with the CPU seconds used so far.
    Serve {
        #[command(flatten)]
        contestant: Contestant,
        /// The broker's address. Without a broker a free port is taken.
        #[arg(long, default_value = "")]
        at: String,
        /// Threads of the runtime; one is tokio's current-thread runtime.
        #[arg(long, default_value_t = 1)]
        threads: usize,
    },
    /// Makes calls on one connection, a turn for each line on stdin, and prints what came of it.
    Load {
        #[command(flatten)]
        contestant: Contestant,
        /// The address of the server, or of the broker.
        #[arg(long)]
        at: String,
        #[arg(long, default_value_t = 1)]
        threads: usize,
        #[command(flatten)]
        load: Load,
    },
}

fn main() -> ExitCode {
    match execute(Arguments::parse()) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            println!("error: {error}");
            ExitCode::FAILURE
        }
    }
}

fn execute(arguments: Arguments) -> Result<(), BoxError> {
    match arguments.role {
        None => run::all(&arguments.run),
        Some(Role::Serve {
            contestant,
            at,
            threads,
        }) => {
            for_each_line(|line| {
                if line == "cpu" {
                    say(&format!("{{\"cpu_seconds\":{}}}", cpu_seconds()));
                }
            });
            runtime(threads)?.block_on(peer::serve(contestant, &at, |at| {
                say(&serde_json::json!({ "ready": true, "at": at }).to_string());
            }))
        }
        Some(Role::Load {
            contestant,
            at,
            threads,
            load,
        }) => match runtime(threads)?.block_on(peer::load(contestant, &at, load))? {},
    }
}

fn runtime(threads: usize) -> std::io::Result<tokio::runtime::Runtime> {
    if threads == 1 {
        tokio::runtime::Builder::new_current_thread()
            .enable_all()
            .build()
    } else {
        tokio::runtime::Builder::new_multi_thread()
            .worker_threads(threads)
            .enable_all()
            .build()
    }
}

/// Hands over each line on stdin, on a thread of its own, so that the runtime
/// goes on meanwhile. When stdin closes the process ends: it is told to so.
fn for_each_line(take: impl Fn(&str) + Send + 'static) {
    std::thread::spawn(move || {
        for line in std::io::stdin().lock().lines().map_while(Result::ok) {
            take(&line);
        }
        std::process::exit(0);
    });
}

fn say(line: &str) {
    println!("{line}");
    // Whoever does not read any more has ended, and this process soon will.
    let _ = std::io::stdout().flush();
}
