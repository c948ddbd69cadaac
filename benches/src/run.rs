//! All contestants, in rounds that interleave them.

use std::{path::Path, process::Command};

use crate::{
    BoxError,
    contestant::{Contestant, Placement, Server},
    load::Load,
    peer::Peer,
    report::{self, Row, Sample},
};

/// What is measured.
#[derive(Debug, clap::Args)]
pub(crate) struct Options {
    /// Rounds; the median of each figure is reported.
    #[arg(long, default_value_t = 7)]
    rounds: usize,
    /// Calls of each measurement at 64 and 256 in flight; a quarter of that at 1.
    #[arg(long, default_value_t = 200_000)]
    requests: usize,
    /// Prints only, and leaves RESULTS.md as it is.
    #[arg(long)]
    dry_run: bool,
}

const IN_FLIGHT: [usize; 3] = [1, 64, 256];

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
    let mut rows = Vec::new();
    for placement in [Placement::OneCore, Placement::TwoThreads] {
        for in_flight in IN_FLIGHT {
            rows.extend(measure(options, placement, in_flight)?);
        }
    }
    let text = report::markdown(&rows, options.rounds);
    println!("{text}");
    if !options.dry_run {
        std::fs::write(here.join("RESULTS.md"), text)?;
    }
    Ok(())
}

fn measure(
    options: &Options,
    placement: Placement,
    in_flight: usize,
) -> Result<Vec<Row>, BoxError> {
    let mut servers = Vec::new();
    for contestant in Contestant::ALL {
        servers.push((
            contestant,
            Server::start(contestant, placement)?,
            Vec::new(),
        ));
    }
    for round in 0..options.rounds {
        for (contestant, server, samples) in &mut servers {
            let sample = sample(options, *contestant, server, placement, in_flight)?;
            println!(
                "{placement:?}, {in_flight} in flight, round {}: {}: {:.0} requests/s",
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
    // Slow contestants and single calls need fewer for the same time.
    let share = if in_flight == 1 { 4 } else { 1 };
    let share = if contestant == Contestant::Nest {
        share * 4
    } else {
        share
    };
    let share = if contestant == Contestant::Rust(Peer::Tonic) {
        share * 2
    } else {
        share
    };
    // NestJS still gets faster over its first 20,000 calls.
    let load = Load {
        in_flight,
        requests: options.requests / share,
        warmup: 20_000,
    };
    let before = server.cpu_seconds()?;
    let measured = contestant.load(server.port, load, placement)?;
    let served = (load.requests + load.warmup) as f64;
    let server_cpu = (server.cpu_seconds()? - before) / served;
    let client_cpu = measured.cpu_seconds_client / measured.requests as f64;
    Ok(Sample {
        requests_per_second: measured.requests as f64 / measured.seconds,
        p50_us: measured.p50_us,
        p99_us: measured.p99_us,
        cpu_seconds: (server_cpu + client_cpu) * 100_000.0,
    })
}
