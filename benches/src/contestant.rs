//! A contestant as processes: a server, and a load generator for each measurement.

use std::{
    io::{BufRead as _, BufReader, Write as _},
    path::Path,
    process::{Child, ChildStdin, ChildStdout, Command, Stdio},
};

use anywire_brokers::Broker;
use clap::ValueEnum;

use crate::{
    BoxError,
    load::{Load, Measured},
    peer::Peer,
    wire::Wire,
};

/// Who is measured, on which transport.
#[derive(Debug, Clone, Copy, PartialEq, Eq, clap::Args)]
pub(crate) struct Contestant {
    pub(crate) peer: Peer,
    pub(crate) wire: Wire,
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
    pub(crate) fn name(self) -> &'static str {
        match (self.peer, self.wire) {
            (Peer::Echo, _) => "bare tokio echo",
            (Peer::ByHand, Wire::Tcp) => "by hand, binary",
            (Peer::ByHand, Wire::Redis) => "by hand on redis",
            (Peer::ByHand, Wire::Nats) => "by hand on async-nats",
            (Peer::ByHand, Wire::Rabbitmq) => "by hand on lapin",
            (Peer::ByHand, Wire::Kafka) => "by hand on rdkafka",
            (Peer::ByHand, Wire::Grpc) => "by hand",
            (Peer::Anywire, Wire::Tcp) => "anywire, Nest's wire",
            (Peer::Anywire, _) => "anywire",
            (Peer::AnywireNative, _) => "anywire, its own wire",
            (Peer::TarpcBincode, _) => "tarpc, bincode",
            (Peer::TarpcJson, _) => "tarpc, JSON",
            (Peer::Tonic, _) => "tonic, prost",
            (Peer::Nest, _) => "NestJS 12",
        }
    }

    /// Why it cannot be measured.
    pub(crate) fn unknown(self) -> BoxError {
        format!("{:?} does not speak {:?} here", self.peer, self.wire).into()
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
        let wire = argument(self.wire)?;
        if self.peer == Peer::Nest {
            let script = Path::new(env!("CARGO_MANIFEST_DIR"))
                .join("nest")
                .join(role);
            command
                .arg("node")
                .arg(script.with_extension("mjs"))
                .arg(wire);
        } else {
            let threads = if placement == Placement::OneCore {
                "1"
            } else {
                "2"
            };
            command.arg(std::env::current_exe()?).arg(role);
            command.arg(argument(self.peer)?).arg(wire);
            command.args(["--threads", threads]);
        }
        Ok(command)
    }

    /// Makes calls to a server of the same kind.
    pub(crate) fn load(
        self,
        at: &str,
        load: Load,
        placement: Placement,
    ) -> Result<Measured, BoxError> {
        let mut command = self.command("load", placement)?;
        command.args(["--at", at]);
        command.args(["--in-flight", &load.in_flight.to_string()]);
        command.args(["--requests", &load.requests.to_string()]);
        command.args(["--warmup", &load.warmup.to_string()]);
        command.args(["--seconds", &load.seconds.to_string()]);
        let output = command.stderr(Stdio::inherit()).output()?;
        let text = String::from_utf8(output.stdout)?;
        if !output.status.success() {
            return Err(format!("{}: {}", self.name(), text.trim()).into());
        }
        Ok(serde_json::from_str(text.trim())?)
    }
}

/// What a value is called on the command line.
fn argument(value: impl ValueEnum) -> Result<String, BoxError> {
    let value = value.to_possible_value().ok_or("a value without a name")?;
    Ok(value.get_name().to_owned())
}

/// A server that runs, until it is dropped.
pub(crate) struct Server {
    child: Child,
    questions: ChildStdin,
    answers: BufReader<ChildStdout>,
    /// Where it can be reached: its own address, or its broker's.
    pub(crate) at: String,
}

impl Server {
    pub(crate) fn start(
        contestant: Contestant,
        broker: Option<&Broker>,
        placement: Placement,
    ) -> Result<Self, BoxError> {
        let mut command = contestant.command("serve", placement)?;
        if let Some(broker) = broker {
            command.args(["--at", broker.url()]);
        }
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
            at: String::new(),
        };
        let ready = server.answer()?;
        let at = ready["at"].as_str();
        let not_ready = || format!("{}: not ready: {ready}", contestant.name());
        server.at = at.ok_or_else(not_ready)?.to_owned();
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
