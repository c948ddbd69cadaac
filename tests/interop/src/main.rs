//! Runs every check against NestJS, in both directions, and prints what passed.
//!
//! Without arguments it takes all versions; `anywire-interop v12` takes one.
//! `nest/install` comes first.

mod client;
mod node;
mod server;

use std::process::ExitCode;

use anywire::BoxError;
use anywire_conformance::{Report, table};

anywire::include_contracts!();

/// Checks of Nest's client that a version cannot make: it sends metadata since 12.
const LEFT_OUT: &[(&str, &str)] = &[
    ("v10", "metadata of a dispatch hook"),
    ("v11", "metadata of a dispatch hook"),
];

#[tokio::main]
#[expect(clippy::print_stdout, reason = "the tables are what this is for")]
async fn main() -> Result<ExitCode, BoxError> {
    let mut versions: Vec<String> = std::env::args().skip(1).collect();
    if versions.is_empty() {
        versions = ["v10", "v11", "v12"].map(str::to_owned).into();
    }
    let (mut clients, mut servers) = (Vec::new(), Vec::new());
    for version in &versions {
        clients.push(server::checked_by_nest(version, LEFT_OUT).await?);
        servers.push(client::against_nest(version).await?);
    }
    println!("\nNestJS clients against our server\n\n{}", table(&clients));
    println!("\nour client against NestJS servers\n\n{}", table(&servers));
    let is_sound = |report: &Report| report.failed() == 0 && report.passed() > 0;
    let all_sound = clients.iter().chain(&servers).all(is_sound);
    Ok(if all_sound {
        ExitCode::SUCCESS
    } else {
        ExitCode::FAILURE
    })
}
