//! What the suite came to on all transports, and what it does not show.

use std::fmt;

use anywire_capabilities::{CAPABILITIES, Row, TABLE};
use anywire_conformance::{Outcome, Record, Report, table};

const REFUSED: &str = "refused by rustc";
const NEVER_RUN: &str = "never run";

/// What the suite came to.
#[derive(Debug)]
pub(crate) struct Results<'a> {
    /// What was run, one for each transport, in the order of the table.
    pub(crate) reports: Vec<Report>,
    /// What was not run.
    pub(crate) blanks: Vec<Blank<'a>>,
    /// Cells that are claimed and were left out for a reason.
    pub(crate) left_out: Vec<String>,
    /// Cells that are claimed and have no check.
    pub(crate) unproven: Vec<String>,
}

impl<'a> Results<'a> {
    pub(crate) fn of(records: &'a [Record]) -> Self {
        let mut transports: Vec<&str> = Vec::new();
        for record in records {
            if !transports.contains(&record.transport.as_str()) {
                transports.push(&record.transport);
            }
        }
        transports.sort_by_key(|name| TABLE.iter().position(|of| Some(of) == row(name)));
        let mut results = Self {
            reports: Vec::new(),
            blanks: blanks(&transports, records),
            left_out: Vec::new(),
            unproven: Vec::new(),
        };
        for transport in transports {
            let of_it = records
                .iter()
                .filter(|record| record.transport == transport);
            results.reports.push(report(transport, of_it));
        }
        for row in &TABLE {
            for capability in CAPABILITIES
                .iter()
                .filter(|capability| row.carries(capability))
            {
                results.prove(row.transport, capability.name, records);
            }
        }
        results
    }

    /// Whether everything that was run passed, and nothing is missing without a reason.
    pub(crate) fn is_sound(&self) -> bool {
        self.unproven.is_empty()
            && self.blanks.iter().all(|blank| blank.reason != NEVER_RUN)
            && self.reports.iter().all(|report| report.failed() == 0)
    }

    /// Notes it if no check shows that the transport has the capability.
    fn prove(&mut self, transport: &str, capability: &str, records: &[Record]) {
        let is_of_cell =
            |record: &&Record| record.transport == transport && record.capability == capability;
        let of_cell: Vec<_> = records.iter().filter(is_of_cell).collect();
        let cell = format!("{capability} on {transport}");
        if of_cell.is_empty() {
            self.unproven.push(cell);
        } else if !of_cell.iter().any(|record| record.was_run()) {
            self.left_out.push(cell);
        }
    }
}

impl fmt::Display for Results<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(
            f,
            "\nconformance\n\n{}\nnot run, and why\n",
            table(&self.reports)
        )?;
        for blank in &self.blanks {
            writeln!(f, "{blank}")?;
        }
        for cell in &self.unproven {
            writeln!(f, "claimed, and never run: {cell}")?;
        }
        let count = |of: fn(&Report) -> usize| self.reports.iter().map(of).sum::<usize>();
        write!(
            f,
            "\n{} transports: {} checks passed, {} failed; of the capabilities that are claimed, {} left out, {} never run",
            self.reports.len(),
            count(Report::passed),
            count(Report::failed),
            self.left_out.len(),
            self.unproven.len(),
        )
    }
}

/// The row of a transport, whatever it encodes: `Memory, protobuf` is `Memory`.
fn row(transport: &str) -> Option<&'static Row> {
    let name = transport.split(',').next();
    TABLE.iter().find(|row| Some(row.transport) == name)
}

/// What was run on one transport. A check that was run more than once has failed
/// if it failed once.
fn report<'a>(transport: &str, records: impl Iterator<Item = &'a Record>) -> Report {
    let mut outcomes: Vec<(String, Result<(), String>)> = Vec::new();
    for record in records {
        let outcome = match &record.outcome {
            Outcome::Passed => Ok(()),
            Outcome::Failed(reason) => Err(reason.clone()),
            Outcome::LeftOut(_) => continue,
        };
        match outcomes
            .iter_mut()
            .find(|(check, _)| *check == record.check)
        {
            None => outcomes.push((record.check.clone(), outcome)),
            Some((_, noted)) if noted.is_ok() => *noted = outcome,
            Some(_) => {}
        }
    }
    Report {
        transport: transport.to_owned(),
        outcomes,
    }
}

/// Why something was not run, and on which transports.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Blank<'a> {
    pub(crate) transports: Vec<&'a str>,
    pub(crate) reason: &'a str,
    /// Capabilities, or checks of one that is shown by others.
    pub(crate) what: Vec<&'a str>,
}

impl fmt::Display for Blank<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (transports, what) = (self.transports.join("; "), self.what.join("; "));
        write!(f, "{transports}: {}: {what}", self.reason)
    }
}

fn blanks<'a>(transports: &[&'a str], records: &'a [Record]) -> Vec<Blank<'a>> {
    let mut blanks: Vec<Blank<'_>> = Vec::new();
    for transport in transports {
        for (reason, what) in blanks_of(transport, records) {
            let is_same = |blank: &&mut Blank<'_>| blank.reason == reason && blank.what == what;
            match blanks.iter_mut().find(is_same) {
                Some(blank) => blank.transports.push(transport),
                None => blanks.push(Blank {
                    transports: vec![transport],
                    reason,
                    what,
                }),
            }
        }
    }
    blanks
}

/// What was not run on one transport, for each reason.
fn blanks_of<'a>(transport: &str, records: &'a [Record]) -> Vec<(&'a str, Vec<&'a str>)> {
    let of_it = || {
        records
            .iter()
            .filter(|record| record.transport == transport)
    };
    let mut blanks: Vec<(&str, Vec<&str>)> = Vec::new();
    for record in records {
        let was_run = |of: &str| of_it().any(|other| other.check == of && other.was_run());
        if was_run(&record.check) {
            continue;
        }
        let is_shown =
            of_it().any(|other| other.capability == record.capability && other.was_run());
        let what = if is_shown {
            &record.check
        } else {
            &record.capability
        };
        let reason = reason(transport, record, of_it());
        match blanks.iter_mut().find(|(noted, _)| *noted == reason) {
            None => blanks.push((reason, vec![what])),
            Some((_, whats)) if !whats.contains(&what.as_str()) => whats.push(what),
            Some(_) => {}
        }
    }
    blanks
}

/// Why a check was not run on a transport.
fn reason<'a>(
    transport: &str,
    check: &Record,
    mut of_it: impl Iterator<Item = &'a Record>,
) -> &'a str {
    let capability = CAPABILITIES.iter().find(|of| of.name == check.capability);
    let of_cell = row(transport).zip(capability);
    if of_cell.is_some_and(|(row, capability)| !row.carries(capability)) {
        return REFUSED;
    }
    let reason = of_it.find_map(|record| match &record.outcome {
        Outcome::LeftOut(reason) if record.check == check.check => Some(reason.as_str()),
        _ => None,
    });
    reason.unwrap_or(NEVER_RUN)
}

#[cfg(test)]
mod tests;
