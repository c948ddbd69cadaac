//! Programs of `nest/`, as `nest/README.md` says how they are driven.

use std::{path::Path, process::Stdio};

use anywire::BoxError;
use serde_json::Value;
use tokio::{
    io::{AsyncBufReadExt as _, BufReader, Lines},
    process::{Child, ChildStdout, Command},
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

    /// Asks it to end, and says whether it ended well.
    pub(crate) async fn end(mut self) -> Result<bool, BoxError> {
        drop(self.child.stdin.take());
        // What is not read keeps it from ending.
        while self.next().await?.is_some() {}
        Ok(self.child.wait().await?.success())
    }
}
