//! A contestant as processes: a server, and a load generator for each measurement.

use std::{
    io::{BufRead as _, BufReader, Write as _},
    path::Path,
    process::{Child, ChildStdin, ChildStdout, Command, Stdio},
};

use clap::ValueEnum as _;

use crate::{
    BoxError,
    load::{Load, Measured},
    peer::Peer,
};

/// Who is measured.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Contestant {
    Rust(Peer),
    Nest,
}

/// How the processes are placed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Placement {
    /// Both on one core, each on tokio's current-thread runtime: what repeats.
    OneCore,
    /// Each on tokio's runtime of two threads, wherever the system puts them.
    TwoThreads,
}

impl Contestant {
    pub(crate) const ALL: [Self; 8] = [
        Self::Rust(Peer::Echo),
        Self::Rust(Peer::ByHand),
        Self::Rust(Peer::Anywire),
        Self::Rust(Peer::AnywireNative),
        Self::Rust(Peer::TarpcBincode),
        Self::Rust(Peer::TarpcJson),
        Self::Rust(Peer::Tonic),
        Self::Nest,
    ];

    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Rust(Peer::Echo) => "bare tokio echo",
            Self::Rust(Peer::ByHand) => "by hand, binary",
            Self::Rust(Peer::Anywire) => "anywire, Nest's wire",
            Self::Rust(Peer::AnywireNative) => "anywire, its own wire",
            Self::Rust(Peer::TarpcBincode) => "tarpc, bincode",
            Self::Rust(Peer::TarpcJson) => "tarpc, JSON",
            Self::Rust(Peer::Tonic) => "tonic",
            Self::Nest => "NestJS 12",
        }
    }

    fn command(self, role: &str, placement: Placement) -> Result<Command, BoxError> {
        let mut command = match placement {
            Placement::OneCore => {
                let mut command = Command::new("taskset");
                command.args(["-c", "0"]);
                command
            }
            Placement::TwoThreads => Command::new("env"),
        };
        match self {
            Self::Rust(peer) => {
                let name = peer
                    .to_possible_value()
                    .ok_or("a contestant without a name")?;
                let threads = if placement == Placement::OneCore {
                    "1"
                } else {
                    "2"
                };
                command.arg(std::env::current_exe()?).args([
                    role,
                    name.get_name(),
                    "--threads",
                    threads,
                ]);
            }
            Self::Nest => {
                let script = if role == "serve" {
                    "server.mjs"
                } else {
                    "load.mjs"
                };
                command.arg("node").arg(
                    Path::new(env!("CARGO_MANIFEST_DIR"))
                        .join("nest")
                        .join(script),
                );
            }
        }
        Ok(command)
    }

    /// Makes calls to a server of the same kind.
    pub(crate) fn load(
        self,
        port: u16,
        load: Load,
        placement: Placement,
    ) -> Result<Measured, BoxError> {
        let mut command = self.command("load", placement)?;
        command.args(["--port", &port.to_string()]);
        command.args(["--in-flight", &load.in_flight.to_string()]);
        command.args(["--requests", &load.requests.to_string()]);
        command.args(["--warmup", &load.warmup.to_string()]);
        let output = command.stderr(Stdio::inherit()).output()?;
        let text = String::from_utf8(output.stdout)?;
        if !output.status.success() {
            return Err(format!("{}: {}", self.name(), text.trim()).into());
        }
        Ok(serde_json::from_str(text.trim())?)
    }
}

/// A server that runs, until it is dropped.
pub(crate) struct Server {
    child: Child,
    questions: ChildStdin,
    answers: BufReader<ChildStdout>,
    pub(crate) port: u16,
}

impl Server {
    pub(crate) fn start(contestant: Contestant, placement: Placement) -> Result<Self, BoxError> {
        let mut command = contestant.command("serve", placement)?;
        let mut child = command
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()?;
        let questions = child.stdin.take().ok_or("a server without stdin")?;
        let answers = BufReader::new(child.stdout.take().ok_or("a server without stdout")?);
        let mut server = Self {
            child,
            questions,
            answers,
            port: 0,
        };
        let ready = server.answer()?;
        let port = ready["port"]
            .as_u64()
            .and_then(|port| u16::try_from(port).ok());
        server.port = port.ok_or_else(|| format!("{}: not ready: {ready}", contestant.name()))?;
        Ok(server)
    }

    /// What the server has used so far.
    pub(crate) fn cpu_seconds(&mut self) -> Result<f64, BoxError> {
        self.questions.write_all(b"cpu\n")?;
        Ok(self.answer()?["cpu_seconds"]
            .as_f64()
            .ok_or("no CPU seconds")?)
    }

    fn answer(&mut self) -> Result<serde_json::Value, BoxError> {
        let mut line = String::new();
        self.answers.read_line(&mut line)?;
        Ok(serde_json::from_str(&line)?)
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        // It may have ended already; either way nothing of it is left.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}
