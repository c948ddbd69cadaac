//! Medians, ratios, and the page that shows them.

use std::fmt::Write as _;

use crate::{
    contestant::{Contestant, Placement},
    peer::Peer,
    target::{self, Target},
    wire::Wire,
};

/// What came of one turn.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Sample {
    pub(crate) requests_per_second: f64,
    pub(crate) p50_us: f64,
    pub(crate) p99_us: f64,
    /// Client and server together, for 100,000 requests.
    pub(crate) cpu_seconds: f64,
}

/// A contestant in one way of measuring.
pub(crate) struct Row {
    pub(crate) placement: Placement,
    pub(crate) in_flight: usize,
    pub(crate) contestant: Contestant,
    /// One for each turn, in which all contestants took theirs.
    pub(crate) samples: Vec<Sample>,
}

impl Row {
    fn median(&self, figure: fn(&Sample) -> f64) -> f64 {
        Figures::new(self.samples.iter().map(figure)).median()
    }

    /// How many times the requests per second of another this one made, turn by turn.
    fn times(&self, other: &Self) -> Figures {
        let turns = self.samples.iter().zip(&other.samples);
        Figures::new(
            turns.map(|(ours, theirs)| ours.requests_per_second / theirs.requests_per_second),
        )
    }
}

/// One figure of all turns, from the least to the greatest.
struct Figures(Vec<f64>);

impl Figures {
    fn new(figures: impl Iterator<Item = f64>) -> Self {
        let mut figures: Vec<f64> = figures.collect();
        figures.sort_by(f64::total_cmp);
        Self(figures)
    }

    /// The figure at this share of the way from the least to the greatest.
    fn at(&self, share: f64) -> f64 {
        let at = self.0.len().saturating_sub(1) as f64 * share;
        let figure = |at: f64| self.0.get(at as usize).copied().unwrap_or(f64::NAN);
        let (below, above) = (figure(at.floor()), figure(at.ceil()));
        below + (above - below) * at.fract()
    }

    fn median(&self) -> f64 {
        self.at(0.5)
    }
}

const INTRODUCTION: &str = "\
# Results

Written by `cargo run --release -p anywire-benches`; do not edit.
A transport alone is measured by `cargo run --release -p anywire-benches -- nats`, which prints its tables and leaves this file as it is.

The same small typed request and reply, on one connection over loopback, client and server in two processes.
The contestants take short turns, one right after the other; each figure is the median of the turns.
Compare them as ratios: the column \"× anywire\" is how many times a contestant's requests per second anywire made in the same turn, so that a machine that is slow for a while is slow for both.
CPU seconds are of client and server together, without the broker, for 100,000 requests.
";

pub(crate) fn markdown(rows: &[Row]) -> String {
    let mut text = INTRODUCTION.to_owned();
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
            let turns = rows.iter().map(|row| row.samples.len()).max();
            let turns = turns.unwrap_or_default();
            put(
                &mut text,
                format_args!("\n### {in_flight} in flight, {place}; {turns} turns\n\n"),
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
        "\n## Targets\n\nPinned, 64 in flight: how many times the other's requests per second anywire makes. \
         Half of the turns gave what stands under \"half of them\".\n\n\
         | | anywire | the other | ratio | half of them | at least | |\n|---|---|---|---:|---:|---:|---|\n",
    );
    let row = |of: Contestant| {
        rows.iter()
            .filter(|row| target::is_set_for(row.placement, row.in_flight))
            .find(|row| row.contestant == of)
    };
    for Target {
        ours,
        other,
        at_least,
    } in target::all()
    {
        let (Some(made), Some(by_other)) = (row(ours), row(other)) else {
            continue;
        };
        let ratios = made.times(by_other);
        let (wire, ours, other) = (ours.wire.title(), ours.name(), other.name());
        let (ratio, low, high) = (ratios.median(), ratios.at(0.25), ratios.at(0.75));
        let met = if ratio >= at_least { "met" } else { "not met" };
        put(
            text,
            format_args!(
                "| {wire} | {ours} | {other} | {ratio:.3} | {low:.2} to {high:.2} | {at_least} | {met} |\n"
            ),
        );
    }
}

const NOTES: &str = include_str!("notes.md");

fn table(text: &mut String, rows: &[&Row]) {
    text.push_str(
        "| | requests/s | × anywire | p50 µs | p99 µs | CPU s |\n|---|---:|---:|---:|---:|---:|\n",
    );
    let ours = rows.iter().find(|row| row.contestant.peer == Peer::Anywire);
    for row in rows {
        let name = row.contestant.name();
        let ratio = ours.map_or(f64::NAN, |ours| ours.times(row).median());
        let requests_per_second = row.median(|sample| sample.requests_per_second);
        let p50_us = row.median(|sample| sample.p50_us);
        let p99_us = row.median(|sample| sample.p99_us);
        let cpu_seconds = row.median(|sample| sample.cpu_seconds);
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
