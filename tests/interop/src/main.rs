//! Runs every check against NestJS, in both directions, and prints what passed.
//!
//! Without arguments it takes all versions on all transports;
//! `anywire-interop v12 nats` takes one of each.
//! `nest/install` comes first.

mod client;
mod left_out;
mod node;
mod round;
mod server;
mod wire;

use std::process::ExitCode;

use anywire::BoxError;

use crate::round::Round;

anywire::include_contracts!();

const VERSIONS: &[&str] = &["v10", "v11", "v12"];

#[tokio::main]
#[expect(clippy::print_stdout, reason = "the tables are what this is for")]
async fn main() -> Result<ExitCode, BoxError> {
    let (mut versions, mut names) = (Vec::new(), Vec::new());
    for argument in std::env::args().skip(1) {
        if argument.starts_with('v') {
            versions.push(argument);
        } else {
            names.push(argument);
        }
    }
    if versions.is_empty() {
        versions = VERSIONS.iter().map(ToString::to_string).collect();
    }
    let mut rounds = Vec::new();
    for wire in wire::Wire::all(&names).await {
        for version in &versions {
            rounds.push(server::checked_by_nest(&wire, version).await?);
        }
        for version in &versions {
            rounds.push(client::against_nest(&wire, version).await?);
        }
    }
    println!("{}", round::tables(&rounds));
    // Of names that are unknown nothing is run.
    let all_sound = !rounds.is_empty() && rounds.iter().all(Round::is_sound);
    Ok(if all_sound {
        ExitCode::SUCCESS
    } else {
        ExitCode::FAILURE
    })
}
