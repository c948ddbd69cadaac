//! Prints what the conformance suite came to on all transports.
//!
//! Its argument is the file that `ANYWIRE_CONFORMANCE` named while the suite
//! ran. It fails if a check failed, or if no check shows a cell of the table
//! that is claimed; with `CI=true` also if a transport was left out.

use std::{path::Path, process::ExitCode};

use anywire_conformance::Record;

mod results;

use results::Results;

#[expect(clippy::print_stdout, reason = "the table is what this is for")]
fn main() -> ExitCode {
    let Some(path) = std::env::args().nth(1) else {
        println!("usage: anywire-capabilities FILE");
        return ExitCode::from(2);
    };
    let records = match Record::read(Path::new(&path)) {
        Ok(records) => records,
        Err(error) => {
            println!("{path}: {error}");
            return ExitCode::from(2);
        }
    };
    let results = Results::of(&records);
    println!("{results}");
    let everything = std::env::var("CI").is_ok_and(|value| value == "true");
    if results.is_sound() && (results.left_out.is_empty() || !everything) {
        ExitCode::SUCCESS
    } else {
        ExitCode::FAILURE
    }
}
