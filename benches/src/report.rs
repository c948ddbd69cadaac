//! Medians, ratios, and the page that shows them.

use std::fmt::Write as _;

use crate::{
    contestant::{Contestant, Placement},
    peer::Peer,
};

/// One measurement.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Sample {
    pub(crate) requests_per_second: f64,
    pub(crate) p50_us: f64,
    pub(crate) p99_us: f64,
    /// Client and server together, for 100,000 requests.
    pub(crate) cpu_seconds: f64,
}

/// The medians of one contestant.
pub(crate) struct Row {
    pub(crate) placement: Placement,
    pub(crate) in_flight: usize,
    pub(crate) contestant: Contestant,
    pub(crate) sample: Sample,
}

impl Sample {
    /// The median of each figure on its own.
    pub(crate) fn median(samples: Vec<Self>) -> Self {
        let median = |figure: fn(&Self) -> f64| {
            let mut figures: Vec<f64> = samples.iter().map(figure).collect();
            figures.sort_by(f64::total_cmp);
            figures.get(figures.len() / 2).copied().unwrap_or_default()
        };
        Self {
            requests_per_second: median(|sample| sample.requests_per_second),
            p50_us: median(|sample| sample.p50_us),
            p99_us: median(|sample| sample.p99_us),
            cpu_seconds: median(|sample| sample.cpu_seconds),
        }
    }
}

const INTRODUCTION: &str = "\
# Results

Written by `cargo run --release -p anywire-benches`; do not edit.

The same small typed request and reply, on one connection over loopback, client and server in two processes.
All contestants are measured in one run, in rounds that interleave them; each figure is the median of the rounds.
Compare figures of one run only, as ratios: the column \"× anywire\" is how many times a contestant's requests per second anywire makes.
CPU seconds are of client and server together, for 100,000 requests.
The bare echo counts bytes and answers with bytes of the same size: no parsing, no types, no task for a call.
";

pub(crate) fn markdown(rows: &[Row], rounds: usize) -> String {
    let mut text = INTRODUCTION.to_owned();
    put(&mut text, format_args!("This run: {rounds} rounds.\n"));
    for placement in [Placement::OneCore, Placement::TwoThreads] {
        text.push_str(match placement {
            Placement::OneCore => {
                "\n## Pinned: both processes on one core, current-thread runtime\n"
            }
            Placement::TwoThreads => {
                "\n## Free: both processes on tokio's runtime of two threads, not pinned\n"
            }
        });
        let mut in_flight: Vec<_> = rows.iter().map(|row| row.in_flight).collect();
        in_flight.dedup();
        in_flight.sort_unstable();
        in_flight.dedup();
        for in_flight in in_flight {
            let rows: Vec<_> = rows
                .iter()
                .filter(|row| row.placement == placement && row.in_flight == in_flight)
                .collect();
            table(&mut text, in_flight, &rows);
        }
    }
    text.push_str(NOTES);
    text
}

const NOTES: &str = include_str!("notes.md");

fn table(text: &mut String, in_flight: usize, rows: &[&Row]) {
    put(text, format_args!("\n### {in_flight} in flight\n\n"));
    text.push_str(
        "| | requests/s | × anywire | p50 µs | p99 µs | CPU s |\n|---|---:|---:|---:|---:|---:|\n",
    );
    let ours = rows
        .iter()
        .find(|row| row.contestant == Contestant::Rust(Peer::Anywire));
    let ours = ours.map_or(f64::NAN, |row| row.sample.requests_per_second);
    for row in rows {
        let Sample {
            requests_per_second,
            p50_us,
            p99_us,
            cpu_seconds,
        } = row.sample;
        let name = row.contestant.name();
        let ratio = ours / requests_per_second;
        put(
            text,
            format_args!(
                "| {name} | {requests_per_second:.0} | {ratio:.2} | {p50_us:.0} | {p99_us:.0} | {cpu_seconds:.2} |\n"
            ),
        );
    }
}

fn put(text: &mut String, arguments: std::fmt::Arguments<'_>) {
    // Writing to a string cannot fail.
    let _ = text.write_fmt(arguments);
}
