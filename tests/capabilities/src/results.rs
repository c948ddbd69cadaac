//! What the suite came to on all transports, and what it does not show.

use std::fmt;

use anywire_capabilities::{CAPABILITIES, Row, TABLE};
use anywire_conformance::{Outcome, Record, Report, table};

/// What the suite came to.
#[derive(Debug)]
pub(crate) struct Results {
    /// What was run, one for each transport, in the order of the table.
    pub(crate) reports: Vec<Report>,
    /// Why a transport is not held against a check.
    pub(crate) blanks: Vec<String>,
    /// Cells that are claimed and were left out, with the reason.
    pub(crate) left_out: Vec<String>,
    /// Cells that are claimed, and that nothing shows.
    pub(crate) unproven: Vec<String>,
}

impl Results {
    pub(crate) fn of(records: &[Record]) -> Self {
        let mut transports: Vec<&str> = Vec::new();
        for record in records {
            if !transports.contains(&record.transport.as_str()) {
                transports.push(&record.transport);
            }
        }
        transports.sort_by_key(|name| TABLE.iter().position(|of| Some(of) == row(name)));
        let mut results = Self {
            reports: Vec::new(),
            blanks: Vec::new(),
            left_out: Vec::new(),
            unproven: Vec::new(),
        };
        for transport in transports {
            let of_it = records
                .iter()
                .filter(|record| record.transport == transport);
            results.reports.push(report(transport, of_it));
        }
        for report in &results.reports {
            results.blanks.extend(blanks(report, records));
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

    /// Whether everything that was run passed, and every cell was either shown or left out.
    pub(crate) fn is_sound(&self) -> bool {
        self.unproven.is_empty() && self.reports.iter().all(|report| report.failed() == 0)
    }

    /// Notes it if no check shows that the transport has the capability.
    fn prove(&mut self, transport: &str, capability: &str, records: &[Record]) {
        let of_cell = || {
            let is_meant =
                |record: &&Record| record.transport == transport && record.capability == capability;
            records.iter().filter(is_meant)
        };
        if of_cell().any(|record| !matches!(record.outcome, Outcome::LeftOut(_))) {
            return;
        }
        match of_cell().next().map(|record| &record.outcome) {
            Some(Outcome::LeftOut(reason)) => {
                self.left_out
                    .push(format!("{capability} on {transport}: {reason}"));
            }
            _ => self.unproven.push(format!(
                "{capability} on {transport}: it is claimed, and no check was run"
            )),
        }
    }
}

impl fmt::Display for Results {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(
            f,
            "\nconformance\n\n{}\nwhat stands there as -\n",
            table(&self.reports)
        )?;
        let left_out = self.left_out.iter().map(|what| format!("left out: {what}"));
        let unproven = self
            .unproven
            .iter()
            .map(|what| format!("not shown: {what}"));
        for line in self.blanks.iter().cloned().chain(left_out).chain(unproven) {
            writeln!(f, "{line}")?;
        }
        let count = |of: fn(&Report) -> usize| self.reports.iter().map(of).sum::<usize>();
        write!(
            f,
            "\n{} transports: {} checks passed, {} failed; of the claimed cells {} left out, {} not shown",
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

/// A line for each reason for which checks were not run on a transport.
fn blanks(report: &Report, records: &[Record]) -> Vec<String> {
    let mut blanks: Vec<(String, Vec<&str>)> = Vec::new();
    for record in records {
        if report
            .outcomes
            .iter()
            .any(|(check, _)| *check == record.check)
        {
            continue;
        }
        let (reason, what) = reason(&report.transport, record, records);
        match blanks.iter_mut().find(|(noted, _)| *noted == reason) {
            None => blanks.push((reason, vec![what])),
            Some((_, whats)) if !whats.contains(&what) => whats.push(what),
            Some(_) => {}
        }
    }
    let line = |(reason, whats): (String, Vec<&str>)| {
        format!("{}, {reason}: {}", report.transport, whats.join("; "))
    };
    blanks.into_iter().map(line).collect()
}

/// Why a check was not run on a transport, and whether it is one of many.
fn reason<'a>(transport: &str, check: &'a Record, records: &[Record]) -> (String, &'a str) {
    let capability = CAPABILITIES.iter().find(|of| of.name == check.capability);
    let carries = row(transport)
        .zip(capability)
        .map(|(row, capability)| row.carries(capability));
    if carries == Some(false) {
        return ("refused by rustc".to_owned(), &check.capability);
    }
    let left_out = records.iter().find_map(|record| match &record.outcome {
        Outcome::LeftOut(reason)
            if record.transport == transport && record.check == check.check =>
        {
            Some(reason)
        }
        _ => None,
    });
    match left_out {
        Some(reason) => (reason.clone(), &check.check),
        None => ("never run".to_owned(), &check.check),
    }
}

#[cfg(test)]
mod tests;
