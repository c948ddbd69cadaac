//! Runs every check against NestJS, in both directions, and prints what passed.
//!
//! Without arguments it takes all versions on all transports;
//! `anywire-interop v12 nats` takes one of each.
//! `nest/install` comes first.

mod client;
mod node;
mod server;
mod wire;

use std::process::ExitCode;

use anywire::BoxError;
use anywire_conformance::{Report, table};

anywire::include_contracts!();

/// Versions of NestJS before its packets had metadata.
const BEFORE_12: &[&str] = &["v10", "v11"];
const EVERY: &[&str] = &["v10", "v11", "v12"];

/// The checks of Nest's client that are not made, and why: see its own words for them.
const LEFT_OUT: &[server::LeftOut] = &[
    (&["tcp"], BEFORE_12, "metadata of a dispatch hook"),
    (&["nats"], EVERY, "string pattern that is JSON"),
    (&["nats"], EVERY, "no handler"),
    (
        &["nats"],
        EVERY,
        "event whose pattern is an object on the wire",
    ),
];

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
        versions = EVERY.iter().map(ToString::to_string).collect();
    }
    let (mut clients, mut servers) = (Vec::new(), Vec::new());
    for wire in wire::Wire::all().await {
        if !names.is_empty() && !names.iter().any(|name| name == wire.name()) {
            continue;
        }
        for version in &versions {
            clients.push(server::checked_by_nest(&wire, version, LEFT_OUT).await?);
            servers.push(client::against_nest(&wire, version).await?);
        }
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
