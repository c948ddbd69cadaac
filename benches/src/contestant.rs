//! A contestant as processes: a server, and a load generator that takes turns with those of the others.

use std::{
    io::{BufRead as _, BufReader, Write as _},
    path::Path,
    process::{Child, ChildStdin, ChildStdout, Command, Stdio},
    time::{Duration, Instant},
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

    /// Starts its server, behind a broker if there is one.
    pub(crate) fn serve(
        self,
        broker: Option<&Broker>,
        placement: Placement,
    ) -> Result<Server, BoxError> {
        let mut command = self.command("serve", placement)?;
        if let Some(broker) = broker {
            command.args(["--at", broker.url()]);
        }
        let (process, ready) = Process::start(command)?;
        let at = ready["at"].as_str();
        let at = at.ok_or("a server without an address")?.to_owned();
        Ok(Server { process, at })
    }

    /// Starts what makes calls to a server of the same kind, and waits until it is warm.
    pub(crate) fn load(
        self,
        server: &Server,
        load: Load,
        placement: Placement,
    ) -> Result<Client, BoxError> {
        let mut command = self.command("load", placement)?;
        command.args(["--at", &server.at]);
        command.args(["--in-flight", &load.in_flight.to_string()]);
        command.args(["--seconds", &load.seconds.to_string()]);
        let (process, _) = Process::start(command)?;
        Ok(Client(process))
    }
}

/// What a value is called on the command line.
fn argument(value: impl ValueEnum) -> Result<String, BoxError> {
    let value = value.to_possible_value().ok_or("a value without a name")?;
    Ok(value.get_name().to_owned())
}

/// A server that runs, until it is dropped.
pub(crate) struct Server {
    process: Process,
    /// Where it can be reached: its own address, or its broker's.
    at: String,
}

impl Server {
    /// What the server has used so far.
    pub(crate) fn cpu_seconds(&mut self) -> Result<f64, BoxError> {
        let answer = self.process.ask("cpu")?;
        Ok(answer["cpu_seconds"].as_f64().ok_or("no CPU seconds")?)
    }
}

/// A load generator that waits for its turns, until it is dropped.
pub(crate) struct Client(Process);

impl Client {
    /// Makes calls for as long as a turn lasts.
    pub(crate) fn turn(&mut self) -> Result<Measured, BoxError> {
        Ok(serde_json::from_value(self.0.ask("turn")?)?)
    }
}

/// A process that answers each line with a line of JSON, and is ended by the end of its stdin.
struct Process {
    child: Child,
    /// None when it is to end.
    questions: Option<ChildStdin>,
    answers: BufReader<ChildStdout>,
}

/// How long a process that is to end may take: NestJS's leaves its broker.
const LEAVING: Duration = Duration::from_secs(5);

impl Process {
    /// Starts it, and waits for what it says when it is ready.
    fn start(mut command: Command) -> Result<(Self, serde_json::Value), BoxError> {
        let mut child = command
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()?;
        let questions = child.stdin.take();
        let answers = BufReader::new(child.stdout.take().ok_or("a process without stdout")?);
        let mut process = Self {
            child,
            questions,
            answers,
        };
        let ready = process.answer()?;
        Ok((process, ready))
    }

    fn ask(&mut self, question: &str) -> Result<serde_json::Value, BoxError> {
        let mut questions = self.questions.as_ref().ok_or("it is to end")?;
        writeln!(questions, "{question}")?;
        self.answer()
    }

    fn answer(&mut self) -> Result<serde_json::Value, BoxError> {
        let mut line = String::new();
        if self.answers.read_line(&mut line)? == 0 {
            return Err("it has ended".into());
        }
        // What is not JSON is why it ended.
        serde_json::from_str(&line).map_err(|_| line.trim().into())
    }
}

impl Drop for Process {
    fn drop(&mut self) {
        drop(self.questions.take());
        let end = Instant::now() + LEAVING;
        while matches!(self.child.try_wait(), Ok(None)) && Instant::now() < end {
            // The standard library cannot wait for a process with a limit.
            std::thread::sleep(Duration::from_millis(5));
        }
        // It may have ended already; either way nothing of it is left.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}
