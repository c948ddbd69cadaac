use std::{
    borrow::Borrow,
    fs, io,
    path::{Path, PathBuf},
    process::Command,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    thread,
    time::{Duration, Instant},
};

use tempfile::TempDir;

use crate::{Error, probe::Probe, process::Process};

/// A broker that was started here. It is killed, and its data removed, when this is dropped.
#[derive(Debug)]
pub struct Broker {
    url: String,
    port: u16,
    running: Arc<Mutex<Running>>,
}

/// What a kind of broker says of how it is run.
#[derive(Debug)]
pub(crate) struct Plan {
    pub(crate) url: String,
    pub(crate) port: u16,
    /// They are started in this order, each when the one before answers.
    pub(crate) parts: Vec<Part>,
}

#[derive(Debug)]
pub(crate) struct Part {
    pub(crate) command: Command,
    pub(crate) probe: Probe,
}

impl Broker {
    /// Where clients connect, with what they need to be let in.
    #[must_use]
    pub fn url(&self) -> &str {
        &self.url
    }

    /// The port of it.
    #[must_use]
    pub fn port(&self) -> u16 {
        self.port
    }

    /// The broker's process, while it runs.
    #[must_use]
    pub fn process_id(&self) -> Option<u32> {
        lock(&self.running).processes.last().map(Process::id)
    }

    /// Ends it as a crash does: with SIGKILL, in the midst of everything.
    pub async fn kill(&self) {
        self.with(|running| running.processes.clear()).await;
    }

    /// Starts it again after [`kill`](Self::kill), on the same port and with the same data.
    pub async fn start_again(&self) -> Result<(), Error> {
        self.with(Running::start).await
    }

    /// [Kills](Self::kill) a broker, waits for what happens meanwhile, and has it back.
    ///
    /// # Panics
    /// If it does not start again.
    pub async fn kill_during<B: Borrow<Self>>(broker: B, meanwhile: impl Future<Output = ()>) -> B {
        broker.borrow().kill().await;
        meanwhile.await;
        let back = broker.borrow().start_again().await;
        back.expect("it starts again");
        broker
    }

    /// Ends it in good order, as an administrator does, and starts it again.
    pub async fn restart(&self) -> Result<(), Error> {
        self.with(|running| {
            running.stop()?;
            running.start()
        })
        .await
    }

    /// Starts what is planned for a new folder.
    pub(crate) async fn start(
        broker: &'static str,
        plan: impl Fn(&Path) -> io::Result<Plan> + Send + 'static,
    ) -> Result<Self, Error> {
        blocking(move || {
            let mut attempts_left = 3;
            loop {
                attempts_left -= 1;
                let mut running = Running::planned(broker, &plan)?;
                match running.start() {
                    Ok(()) => return Ok(Self::of(running)),
                    // Somebody was faster to take the port that we found free.
                    Err(_) if attempts_left > 0 && running.lost_its_port() => {}
                    Err(error) => return Err(error),
                }
            }
        })
        .await
    }

    fn of(running: Running) -> Self {
        Self {
            url: running.plan.url.clone(),
            port: running.plan.port,
            running: Arc::new(Mutex::new(running)),
        }
    }

    async fn with<T: Send + 'static>(
        &self,
        act: impl FnOnce(&mut Running) -> T + Send + 'static,
    ) -> T {
        let running = Arc::clone(&self.running);
        blocking(move || act(&mut lock(&running))).await
    }
}

#[derive(Debug)]
struct Running {
    broker: &'static str,
    plan: Plan,
    /// Of the plan's parts, while they run. They end before the folder does.
    processes: Vec<Process>,
    folder: TempDir,
}

impl Running {
    /// After this it has ended or will never answer: a slow machine needs a part of it.
    const PATIENCE: Duration = Duration::from_secs(90);

    fn planned(
        broker: &'static str,
        plan: impl Fn(&Path) -> io::Result<Plan>,
    ) -> Result<Self, Error> {
        let new = || {
            let folder = tempfile::Builder::new()
                .prefix(&format!("anywire-{}-", broker.to_lowercase()))
                .tempdir()?;
            Ok(Self {
                broker,
                plan: plan(folder.path())?,
                processes: Vec::new(),
                folder,
            })
        };
        new().map_err(|error: io::Error| not_started(broker, error))
    }

    /// Does nothing if it runs.
    fn start(&mut self) -> Result<(), Error> {
        if self.processes.is_empty() {
            for part in 0..self.plan.parts.len() {
                self.start_part(part).map_err(|error| {
                    self.processes.clear();
                    let log = self.end_of_log();
                    not_started(self.broker, format!("{error}\n{log}"))
                })?;
            }
        }
        Ok(())
    }

    fn start_part(&mut self, part: usize) -> io::Result<()> {
        let Part { command, probe } = &self.plan.parts[part];
        let mut process = Process::start(command, self.folder.path(), &self.log())?;
        let began = Instant::now();
        loop {
            let Err(error) = probe.ask() else {
                self.processes.push(process);
                return Ok(());
            };
            if let Some(status) = process.ended()? {
                return Err(io::Error::other(format!("it ended with {status}")));
            }
            if began.elapsed() > Self::PATIENCE {
                let seconds = Self::PATIENCE.as_secs();
                let error = format!("it gave no answer for {seconds} s, but {error}");
                return Err(io::Error::other(error));
            }
            // A broker tells nobody that it is ready: it is asked again, up to a limit.
            thread::sleep(Duration::from_millis(10));
        }
    }

    fn stop(&mut self) -> Result<(), Error> {
        let stopped = self
            .processes
            .last_mut()
            .map_or(Ok(()), |process| stop(process, Self::PATIENCE));
        self.processes.clear();
        stopped.map_err(|error| not_started(self.broker, format!("it did not stop: {error}")))
    }

    fn lost_its_port(&self) -> bool {
        let log = self.end_of_log().to_lowercase();
        log.contains("already in use") || log.contains("eaddrinuse")
    }

    fn end_of_log(&self) -> String {
        let log = fs::read(self.log()).unwrap_or_default();
        let log = String::from_utf8_lossy(&log);
        let lines: Vec<&str> = log.lines().collect();
        lines[lines.len().saturating_sub(30)..].join("\n")
    }

    fn log(&self) -> PathBuf {
        self.folder.path().join("log")
    }
}

fn stop(process: &mut Process, patience: Duration) -> io::Result<()> {
    process.terminate()?;
    let began = Instant::now();
    while process.ended()?.is_none() {
        if began.elapsed() > patience {
            return Err(io::ErrorKind::TimedOut.into());
        }
        // The standard library cannot wait for a process with a limit.
        thread::sleep(Duration::from_millis(10));
    }
    Ok(())
}

fn not_started(broker: &'static str, reason: impl ToString) -> Error {
    Error::NotStarted {
        broker,
        reason: reason.to_string(),
    }
}

fn lock(running: &Mutex<Running>) -> MutexGuard<'_, Running> {
    running.lock().unwrap_or_else(PoisonError::into_inner)
}

/// Brokers outlive the runtime of a test, so nothing of them hangs on one.
async fn blocking<T: Send + 'static>(act: impl FnOnce() -> T + Send + 'static) -> T {
    match tokio::task::spawn_blocking(act).await {
        Ok(done) => done,
        Err(panic) => std::panic::resume_unwind(panic.into_panic()),
    }
}
