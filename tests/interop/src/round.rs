//! What came of the checks between two peers, and the tables of all of them.

use std::fmt::Write as _;

use anywire::BoxError;
use anywire_conformance::{Report, table};

use crate::{WITHOUT_NEST, left_out};

/// The name of a round's checks together.
const ALL: &str = "all of it";

/// All checks of one peer on one transport, in one direction.
pub(crate) struct Round {
    pub(crate) wire: &'static str,
    /// Who asks whom.
    pub(crate) direction: &'static str,
    /// What was checked, under the name and version of the peer.
    pub(crate) report: Report,
    /// The checks that were not made, and why.
    pub(crate) left_out: Vec<(String, String)>,
}

impl Round {
    pub(crate) fn new(wire: &'static str, direction: &'static str, version: &str) -> Self {
        let report = Report {
            transport: version.to_owned(),
            outcomes: Vec::new(),
        };
        Self {
            wire,
            direction,
            report,
            left_out: Vec::new(),
        }
    }

    /// Says which version was met.
    pub(crate) fn met(&mut self, installed: &str) {
        let name = match &*self.report.transport {
            plain if WITHOUT_NEST.contains(&plain) => plain,
            _ => "NestJS",
        };
        self.report.transport = format!("{name} {installed}");
    }

    /// The round is over, perhaps before its time.
    pub(crate) fn ended(mut self, result: Result<(), BoxError>) -> Self {
        if let Err(error) = result {
            self.note(ALL, Err(error.to_string()));
        }
        self
    }

    pub(crate) fn note(&mut self, check: &str, outcome: Result<(), String>) {
        self.report.outcomes.push((check.to_owned(), outcome));
    }

    pub(crate) fn leave_out(&mut self, check: &str, why: &str) {
        self.left_out.push((check.to_owned(), why.to_owned()));
    }

    /// Whether that version cannot do any of it, which is noted.
    pub(crate) fn cannot_be(&mut self) -> bool {
        let why = left_out::of(self.wire, &self.report.transport);
        if let Some(why) = why {
            self.leave_out(ALL, why);
        }
        why.is_some()
    }

    pub(crate) fn is_sound(&self) -> bool {
        let is_left_out = self.left_out.iter().any(|(check, _)| check == ALL);
        self.report.failed() == 0 && (self.report.passed() > 0 || is_left_out)
    }

    fn is_beside(&self, other: &Self) -> bool {
        (self.wire, self.direction) == (other.wire, other.direction)
    }
}

/// Every check of every round, then what was left out, and at the end a line for each round.
pub(crate) fn tables(rounds: &[Round]) -> String {
    let mut text = String::new();
    for beside in rounds.chunk_by(Round::is_beside) {
        let reports: Vec<_> = beside.iter().map(|round| round.report.clone()).collect();
        write_line(
            &mut text,
            &format!("{}: {}\n", beside[0].wire, beside[0].direction),
        );
        write_line(&mut text, &table(&reports));
    }
    for round in rounds {
        for (check, why) in &round.left_out {
            let peer = &round.report.transport;
            let place = format!("{}, {}, {peer}", round.wire, round.direction);
            write_line(&mut text, &format!("left out: {place}: {check}: {why}"));
        }
    }
    let wide = |column: fn(&Round) -> &str| {
        let widths = rounds.iter().map(|round| column(round).chars().count());
        widths.max().unwrap_or(0).max(9)
    };
    let (wires, ways) = (wide(|round| round.wire), wide(|round| round.direction));
    let peers = wide(|round| &round.report.transport);
    let heading = format!(
        "\n{:wires$}  {:ways$}  {:peers$}",
        "transport", "direction", "peer"
    );
    write_line(&mut text, &format!("{heading}  passed  failed  left out"));
    for round in rounds {
        let (passed, failed) = (round.report.passed(), round.report.failed());
        let peer = format!("{:peers$}", round.report.transport);
        let pair = format!("{:wires$}  {:ways$}  {peer}", round.wire, round.direction);
        let counts = format!("{passed:>6}  {failed:>6}  {:>8}", round.left_out.len());
        write_line(&mut text, &format!("{pair}  {counts}"));
    }
    text
}

fn write_line(text: &mut String, line: &str) {
    // Text never fails to be written to.
    let _ = writeln!(text, "{line}");
}
