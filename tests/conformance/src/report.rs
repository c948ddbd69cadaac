//! What came of a suite.

use std::fmt::Write as _;

/// The outcome of every check on one transport.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Report {
    /// The transport.
    pub transport: String,
    /// Each check by its name, and why it failed if it did.
    pub outcomes: Vec<(String, Result<(), String>)>,
}

impl Report {
    /// What another suite came to on the same transport as well.
    #[must_use]
    pub fn and(mut self, other: Self) -> Self {
        self.outcomes.extend(other.outcomes);
        self
    }

    /// How many checks passed.
    #[must_use]
    pub fn passed(&self) -> usize {
        self.outcomes
            .iter()
            .filter(|(_, outcome)| outcome.is_ok())
            .count()
    }

    /// How many checks failed.
    #[must_use]
    pub fn failed(&self) -> usize {
        self.outcomes.len() - self.passed()
    }

    /// # Panics
    /// If a check failed.
    pub fn expect_passed(&self) {
        assert!(self.failed() == 0, "{}", table(std::slice::from_ref(self)));
    }

    fn outcome(&self, check: &str) -> Option<&Result<(), String>> {
        let (_, outcome) = self.outcomes.iter().find(|(name, _)| *name == check)?;
        Some(outcome)
    }
}

/// A table of the checks, one column for each report, with the counts below
/// and the reasons of what failed at the end.
#[must_use]
pub fn table(reports: &[Report]) -> String {
    let mut checks: Vec<&str> = Vec::new();
    for (check, _) in reports.iter().flat_map(|report| &report.outcomes) {
        if !checks.contains(&check.as_str()) {
            checks.push(check);
        }
    }
    let width = checks.iter().map(|check| check.len()).max().unwrap_or(0);
    let column = |report: &Report| report.transport.len().max(6);

    let mut text = String::new();
    let mut line = |name: &str, cell: &dyn Fn(&Report) -> String| {
        let cells: String = reports
            .iter()
            .map(|report| format!("  {:<1$}", cell(report), column(report)))
            .collect();
        let line = format!("{name:<width$}{cells}");
        // Text never fails to be written to.
        let _ = writeln!(text, "{}", line.trim_end());
    };
    line("", &|report| report.transport.clone());
    for check in checks {
        line(check, &|report| {
            match report.outcome(check) {
                Some(Ok(())) => "ok",
                Some(Err(_)) => "FAILED",
                None => "-",
            }
            .to_owned()
        });
    }
    line("passed", &|report| report.passed().to_string());
    line("failed", &|report| report.failed().to_string());

    for report in reports {
        for (check, outcome) in &report.outcomes {
            if let Err(reason) = outcome {
                let _ = writeln!(text, "\n{}, {check}: {reason}", report.transport);
            }
        }
    }
    text
}
