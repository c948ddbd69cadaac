//! The `anywire` command.
//!
//! Exit codes are 0 for fine, 1 for findings and 2 for a wrong call.

mod check;
mod export;
mod report;
mod wrong_call;

use std::io::{self, IsTerminal, Write};
use std::process::ExitCode;

use clap::{Parser, Subcommand};

/// Checks contracts, and works with services that speak them.
#[derive(Debug, Parser)]
#[command(version, arg_required_else_help = true)]
struct Cli {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Finds every mistake in contract files.
    Check(check::Args),
    /// Writes a contract in another language of contracts.
    Export(export::Args),
}

fn main() -> ExitCode {
    // A wrong call ends here, with 2.
    let command = Cli::parse().command;
    let may_colour = std::env::var_os("NO_COLOR").is_none();
    let report = match &command {
        Command::Check(args) => check::run(args, may_colour && io::stdout().is_terminal()),
        Command::Export(args) => export::run(args, may_colour && io::stderr().is_terminal()),
    };
    let report = match report {
        Ok(report) => report,
        Err(error) => {
            say(&mut io::stderr(), &format!("error: {error}\n"));
            return ExitCode::from(2);
        }
    };
    say(&mut io::stdout(), &report.text);
    say(&mut io::stderr(), &report.summary);
    ExitCode::from(u8::from(report.has_errors))
}

/// Whoever closed the pipe does not want to hear more: that is no failure of ours.
fn say(to: &mut impl Write, text: &str) {
    let _closed = to.write_all(text.as_bytes()).and_then(|()| to.flush());
}
