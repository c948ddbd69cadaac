//! Programs of `nest/`, as `nest/README.md` says how they are driven.

use std::{path::Path, process::Stdio};

use anywire::BoxError;
use serde_json::Value;
use tokio::{
    io::{AsyncBufReadExt as _, BufReader, Lines},
    process::{Child, ChildStdout, Command},
    sync::watch,
    task::JoinHandle,
};

/// A program that prints one JSON object a line. It ends when this is dropped.
pub(crate) struct Node {
    child: Child,
    lines: Lines<BufReader<ChildStdout>>,
}

impl Node {
    /// Starts `nest/PROGRAM` with these arguments.
    pub(crate) fn start(program: &str, arguments: &[&str]) -> Result<Self, BoxError> {
        let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("nest");
        let mut child = Command::new("node")
            .arg(folder.join(program))
            .args(arguments)
            // A server ends when its standard input does, even if we are killed.
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .kill_on_drop(true)
            .spawn()
            .map_err(|error| format!("cannot start node: {error}"))?;
        let stdout = child
            .stdout
            .take()
            .ok_or("a program without standard output")?;
        Ok(Self {
            child,
            lines: BufReader::new(stdout).lines(),
        })
    }

    /// The next line; `None` at the end.
    pub(crate) async fn next(&mut self) -> Result<Option<Value>, BoxError> {
        match self.lines.next_line().await? {
            Some(line) => Ok(Some(serde_json::from_str(&line)?)),
            None => Ok(None),
        }
    }

    /// Reads what it says from now on, as it comes.
    pub(crate) fn listen(mut self) -> Listening {
        let (hear, heard) = watch::channel(Vec::new());
        let (stop, mut stopped) = watch::channel(());
        let task = tokio::spawn(async move {
            loop {
                tokio::select! {
                    line = self.next() => match line? {
                        Some(line) => hear.send_modify(|lines| lines.push(line)),
                        None => return Err(BoxError::from("the server ended by itself")),
                    },
                    _ = stopped.changed() => return self.end().await,
                }
            }
        });
        Listening { heard, stop, task }
    }

    /// Asks it to end, and says whether it ended well.
    pub(crate) async fn end(mut self) -> Result<bool, BoxError> {
        drop(self.child.stdin.take());
        // What is not read keeps it from ending.
        while self.next().await?.is_some() {}
        Ok(self.child.wait().await?.success())
    }
}

/// A program that is listened to until it is asked to end.
pub(crate) struct Listening {
    heard: watch::Receiver<Vec<Value>>,
    stop: watch::Sender<()>,
    task: JoinHandle<Result<bool, BoxError>>,
}

impl Listening {
    /// All that it has said.
    pub(crate) fn heard(&self) -> watch::Receiver<Vec<Value>> {
        self.heard.clone()
    }

    /// Asks it to end, and says whether it ended well.
    pub(crate) async fn end(self) -> Result<bool, BoxError> {
        drop(self.stop);
        self.task.await?
    }
}
