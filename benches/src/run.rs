//! All contestants, in rounds that interleave them.

use std::{path::Path, process::Command};

use anywire_brokers::Broker;

use crate::{
    BoxError,
    contestant::{Contestant, Placement, Server},
    load::Load,
    report::{self, Row, Sample},
    wire::Wire,
};

/// What is measured.
#[derive(Debug, clap::Args)]
pub(crate) struct Options {
    /// The transports, all unless given. RESULTS.md is written when all are measured.
    wires: Vec<Wire>,
    /// Rounds; the median of each figure is reported.
    #[arg(long, default_value_t = 7)]
    rounds: usize,
    /// Calls of each measurement, at the most.
    #[arg(long, default_value_t = 200_000)]
    requests: usize,
    /// Seconds of each measurement, and of the warm-up before it, at the most.
    #[arg(long, default_value_t = 3.0)]
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
    let text = report::markdown(&rows, options.rounds);
    println!("{text}");
    if options.wires.is_empty() && !options.dry_run {
        std::fs::write(here.join("RESULTS.md"), text)?;
    }
    Ok(())
}

fn measure(
    options: &Options,
    wire: Wire,
    broker: Option<&Broker>,
    placement: Placement,
    in_flight: usize,
) -> Result<Vec<Row>, BoxError> {
    let mut servers = Vec::new();
    for contestant in wire.contestants() {
        let server = Server::start(contestant, broker, placement)?;
        servers.push((contestant, server, Vec::new()));
    }
    for round in 0..options.rounds {
        for (contestant, server, samples) in &mut servers {
            let sample = sample(options, *contestant, server, placement, in_flight)?;
            println!(
                "{}, {placement:?}, {in_flight} in flight, round {}: {}: {:.0} requests/s",
                wire.title(),
                round + 1,
                contestant.name(),
                sample.requests_per_second
            );
            samples.push(sample);
        }
    }
    let row = |(contestant, _, samples)| Row {
        placement,
        in_flight,
        contestant,
        sample: Sample::median(samples),
    };
    Ok(servers.into_iter().map(row).collect())
}

fn sample(
    options: &Options,
    contestant: Contestant,
    server: &mut Server,
    placement: Placement,
    in_flight: usize,
) -> Result<Sample, BoxError> {
    let load = Load {
        in_flight,
        requests: options.requests,
        // NestJS still gets faster over its first 20,000 calls.
        warmup: options.requests.min(20_000),
        seconds: options.seconds,
    };
    let before = server.cpu_seconds()?;
    let measured = contestant.load(&server.at, load, placement)?;
    let served = (measured.requests + measured.warmed_up) as f64;
    let server_cpu = (server.cpu_seconds()? - before) / served;
    let client_cpu = measured.cpu_seconds_client / measured.requests as f64;
    Ok(Sample {
        requests_per_second: measured.requests as f64 / measured.seconds,
        p50_us: measured.p50_us,
        p99_us: measured.p99_us,
        cpu_seconds: (server_cpu + client_cpu) * 100_000.0,
    })
}
