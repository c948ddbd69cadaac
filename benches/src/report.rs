//! Medians, ratios, and the page that shows them.

use std::fmt::Write as _;

use crate::{
    contestant::{Contestant, Placement},
    peer::Peer,
    target::{self, Target},
    wire::Wire,
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
A transport alone is measured by `cargo run --release -p anywire-benches -- nats`, which prints its tables and leaves this file as it is.

The same small typed request and reply, on one connection over loopback, client and server in two processes.
All contestants are measured in one run, in rounds that interleave them; each figure is the median of the rounds.
Compare figures of one run only, as ratios: the column \"× anywire\" is how many times a contestant's requests per second anywire makes.
CPU seconds are of client and server together, without the broker, for 100,000 requests.
";

pub(crate) fn markdown(rows: &[Row], rounds: usize) -> String {
    let mut text = INTRODUCTION.to_owned();
    put(&mut text, format_args!("This run: {rounds} rounds.\n"));
    targets(&mut text, rows);
    for wire in Wire::ALL {
        for (at, (placement, in_flight)) in wire.settings().into_iter().enumerate() {
            let rows: Vec<_> = rows
                .iter()
                .filter(|row| row.contestant.wire == wire)
                .filter(|row| (row.placement, row.in_flight) == (placement, in_flight))
                .collect();
            if rows.is_empty() {
                continue;
            }
            if at == 0 {
                put(&mut text, format_args!("\n## {}\n", wire.title()));
            }
            let place = place(wire, placement);
            put(
                &mut text,
                format_args!("\n### {in_flight} in flight, {place}\n\n"),
            );
            table(&mut text, &rows);
        }
    }
    text.push_str(NOTES);
    text
}

fn place(wire: Wire, placement: Placement) -> &'static str {
    match placement {
        Placement::OneCore if wire.has_broker() => {
            "pinned: both processes on one core, current-thread runtime; the broker on another"
        }
        Placement::OneCore => "pinned: both processes on one core, current-thread runtime",
        Placement::TwoThreads => {
            "free: both processes on tokio's runtime of two threads, not pinned"
        }
    }
}

/// What was aimed at, of what was measured.
fn targets(text: &mut String, rows: &[Row]) {
    text.push_str(
        "\n## Targets\n\nPinned, 64 in flight: how many times the other's requests per second anywire makes.\n\n\
         | | anywire | the other | ratio | at least |\n|---|---|---|---:|---:|\n",
    );
    let figure = |of: Contestant| {
        let pinned = |row: &&Row| row.placement == Placement::OneCore && row.in_flight == 64;
        let mut pinned = rows.iter().filter(pinned);
        let row = pinned.find(|row| row.contestant == of)?;
        Some(row.sample.requests_per_second)
    };
    for Target {
        ours,
        other,
        at_least,
    } in target::all()
    {
        let (Some(made), Some(by_other)) = (figure(ours), figure(other)) else {
            continue;
        };
        let (wire, ours, other) = (ours.wire.title(), ours.name(), other.name());
        let ratio = made / by_other;
        put(
            text,
            format_args!("| {wire} | {ours} | {other} | {ratio:.2} | {at_least} |\n"),
        );
    }
}

const NOTES: &str = include_str!("notes.md");

fn table(text: &mut String, rows: &[&Row]) {
    text.push_str(
        "| | requests/s | × anywire | p50 µs | p99 µs | CPU s |\n|---|---:|---:|---:|---:|---:|\n",
    );
    let ours = rows.iter().find(|row| row.contestant.peer == Peer::Anywire);
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
