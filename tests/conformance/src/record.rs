//! What came of each check, in a file for all programs that run some.

use std::{
    fs::{self, File},
    io::{self, Write as _},
    path::Path,
};

use serde_json::{Value, json};

/// What came of a check on a transport.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Record {
    /// The transport: [`Fixture::NAME`](crate::Fixture::NAME).
    pub transport: String,
    /// The capability that the check shows, by the name of its trait.
    pub capability: String,
    /// The check.
    pub check: String,
    /// What came of it.
    pub outcome: Outcome,
}

/// What came of a check.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Outcome {
    /// The transport does what it should.
    Passed,
    /// It does not, and how.
    Failed(String),
    /// It was not run, and why.
    LeftOut(String),
}

impl Record {
    /// Whether the check was run, and not left out.
    #[must_use]
    pub fn was_run(&self) -> bool {
        !matches!(self.outcome, Outcome::LeftOut(_))
    }

    /// Reads what the file holds that `ANYWIRE_CONFORMANCE` named.
    ///
    /// # Errors
    /// If it cannot be read, or is not such a file.
    pub fn read(path: &Path) -> io::Result<Vec<Self>> {
        let text = fs::read_to_string(path)?;
        let record = |line| Self::from_line(line).ok_or(io::ErrorKind::InvalidData.into());
        text.lines().map(record).collect()
    }

    fn from_line(line: &str) -> Option<Self> {
        let value: Value = serde_json::from_str(line).ok()?;
        let text = |key: &str| Some(value.get(key)?.as_str()?.to_owned());
        let outcome = match value.get("outcome")?.as_str()? {
            "passed" => Outcome::Passed,
            "failed" => Outcome::Failed(text("reason")?),
            "left out" => Outcome::LeftOut(text("reason")?),
            _ => return None,
        };
        Some(Self {
            transport: text("transport")?,
            capability: text("capability")?,
            check: text("check")?,
            outcome,
        })
    }

    fn to_line(&self) -> String {
        let (outcome, reason) = match &self.outcome {
            Outcome::Passed => ("passed", None),
            Outcome::Failed(reason) => ("failed", Some(reason)),
            Outcome::LeftOut(reason) => ("left out", Some(reason)),
        };
        let line = json!({
            "transport": self.transport,
            "capability": self.capability,
            "check": self.check,
            "outcome": outcome,
            "reason": reason,
        });
        format!("{line}\n")
    }
}

pub(crate) fn of(transport: &str, capability: &str, check: &str, outcome: Outcome) -> Record {
    Record {
        transport: transport.to_owned(),
        capability: capability.to_owned(),
        check: check.to_owned(),
        outcome,
    }
}

/// Adds these to the file that is named, if one is.
///
/// # Panics
/// If it cannot be written: nothing may be missing from it silently.
pub(crate) fn append(records: impl Iterator<Item = Record>) {
    let Some(path) = std::env::var_os("ANYWIRE_CONFORMANCE") else {
        return;
    };
    let lines: String = records.map(|record| record.to_line()).collect();
    // One write, so that the lines of programs that run side by side are not mixed.
    File::options()
        .create(true)
        .append(true)
        .open(&path)
        .and_then(|mut file| file.write_all(lines.as_bytes()))
        .unwrap_or_else(|error| panic!("{}: {error}", path.display()));
}

#[cfg(test)]
mod tests;
