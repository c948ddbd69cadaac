//! All contestants, in turns.

use std::{path::Path, process::Command};

use anywire_brokers::Broker;

use crate::{
    BoxError,
    contestant::{Client, Contestant, Placement, Server},
    load::Load,
    report::{self, Row, Sample},
    target,
    wire::Wire,
};

/// What is measured.
#[derive(Debug, clap::Args)]
pub(crate) struct Options {
    /// The transports, all unless given. RESULTS.md is written when all are measured.
    wires: Vec<Wire>,
    /// How often load generators are started; a third of it, rounded up, where no target is set.
    #[arg(long, default_value_t = 5)]
    rounds: usize,
    /// Turns that each contestant takes in a round.
    #[arg(long, default_value_t = 5)]
    turns: usize,
    /// Seconds of a turn.
    #[arg(long, default_value_t = 0.5)]
    seconds: f64,
    /// Prints only, and leaves RESULTS.md as it is.
    #[arg(long)]
    dry_run: bool,
}

pub(crate) fn all(options: &Options) -> Result<(), BoxError> {
    let here = Path::new(env!("CARGO_MANIFEST_DIR"));
    let install = here.join("../tests/interop/nest/install");
    if !Command::new(install)
        .arg(here.join("nest"))
        .status()?
        .success()
    {
        return Err("cannot install NestJS".into());
    }
    let wires = if options.wires.is_empty() {
        &Wire::ALL[..]
    } else {
        &options.wires
    };
    let mut rows = Vec::new();
    for wire in wires {
        let broker = wire.broker()?;
        for (placement, in_flight) in wire.settings() {
            rows.extend(measure(
                options,
                *wire,
                broker.as_ref(),
                placement,
                in_flight,
            )?);
        }
    }
    let text = report::markdown(&rows);
    println!("{text}");
    if options.wires.is_empty() && !options.dry_run {
        std::fs::write(here.join("RESULTS.md"), text)?;
    }
    Ok(())
}

/// A contestant whose server runs.
struct Running {
    contestant: Contestant,
    server: Server,
    samples: Vec<Sample>,
}

fn measure(
    options: &Options,
    wire: Wire,
    broker: Option<&Broker>,
    placement: Placement,
    in_flight: usize,
) -> Result<Vec<Row>, BoxError> {
    let mut contestants = Vec::new();
    for contestant in wire.contestants() {
        contestants.push(Running {
            contestant,
            server: contestant.serve(broker, placement)?,
            samples: Vec::new(),
        });
    }
    let load = Load {
        in_flight,
        seconds: options.seconds,
    };
    let rounds = if target::is_set_for(placement, in_flight) {
        options.rounds
    } else {
        options.rounds.div_ceil(3)
    };
    for at in 1..=rounds {
        round(options, &mut contestants, load, placement)?;
        // The next one begins at the other end.
        contestants.reverse();
        println!(
            "{}, {placement:?}, {in_flight} in flight: round {at} of {rounds}",
            wire.title()
        );
    }
    let row = |running: Running| Row {
        placement,
        in_flight,
        contestant: running.contestant,
        samples: running.samples,
    };
    if rounds % 2 == 1 {
        contestants.reverse();
    }
    Ok(contestants.into_iter().map(row).collect())
}

/// Starts a load generator for each contestant, and lets them take turns: one
/// time from the first to the last, the next time from the last to the first,
/// so that none is always the one before or after another.
fn round(
    options: &Options,
    contestants: &mut [Running],
    load: Load,
    placement: Placement,
) -> Result<(), BoxError> {
    let mut clients = Vec::new();
    for Running {
        contestant, server, ..
    } in contestants.iter()
    {
        let client = contestant.load(server, load, placement);
        clients.push(client.map_err(|error| format!("{}: {error}", contestant.name()))?);
    }
    let mut pairs: Vec<_> = contestants.iter_mut().zip(&mut clients).collect();
    for _ in 0..options.turns {
        for (running, client) in &mut pairs {
            let sample = sample(&mut running.server, client);
            let name = running.contestant.name();
            running
                .samples
                .push(sample.map_err(|error| format!("{name}: {error}"))?);
        }
        pairs.reverse();
    }
    Ok(())
}

fn sample(server: &mut Server, client: &mut Client) -> Result<Sample, BoxError> {
    let before = server.cpu_seconds()?;
    let measured = client.turn()?;
    let cpu_seconds = server.cpu_seconds()? - before + measured.cpu_seconds;
    let requests = measured.requests as f64;
    Ok(Sample {
        requests_per_second: requests / measured.seconds,
        p50_us: measured.p50_us,
        p99_us: measured.p99_us,
        cpu_seconds: cpu_seconds / requests * 100_000.0,
    })
}
