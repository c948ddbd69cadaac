//! A server of others.

use anywire::BoxError;
use serde_json::{Value, json};
use tokio::{sync::watch, task::JoinHandle};

use crate::{node::Node, tonic_peer, wire::Wire};

/// A server that is ready.
pub(crate) struct Peer {
    /// What it said first, as `nest/README.md` says it.
    pub(crate) ready: Value,
    /// The events that it says that it heard.
    pub(crate) heard: watch::Receiver<Vec<Value>>,
    stop: watch::Sender<()>,
    running: JoinHandle<Result<bool, BoxError>>,
}

impl Peer {
    /// Starts the server of that version.
    pub(crate) async fn start(wire: &Wire, version: &str) -> Result<Self, BoxError> {
        if version == "tonic" {
            return Self::of_tonic();
        }
        let mut arguments = vec!["--version", version];
        arguments.extend(wire.arguments());
        Self::of_nest("server.mjs", &arguments).await
    }

    fn of_tonic() -> Result<Self, BoxError> {
        let (hear, heard) = watch::channel(Vec::new());
        let (stop, stopped) = watch::channel(());
        let (port, running) = tonic_peer::server::start(hear, stopped)?;
        Ok(Self {
            ready: json!({ "port": port, "nest": tonic_peer::VERSION }),
            heard,
            stop,
            running,
        })
    }

    /// Starts a server of `nest/`.
    pub(crate) async fn of_nest(program: &str, arguments: &[&str]) -> Result<Self, BoxError> {
        let (hear, heard) = watch::channel(Vec::new());
        let (stop, stopped) = watch::channel(());
        let mut server = Node::start(program, arguments)?;
        let ready = server.next().await?;
        Ok(Self {
            ready: ready.ok_or("the server ended before it was ready")?,
            heard,
            stop,
            running: tokio::spawn(listen(server, hear, stopped)),
        })
    }

    /// Asks it to end, and says whether it ended well.
    pub(crate) async fn end(self) -> Result<bool, BoxError> {
        drop(self.stop);
        self.running.await?
    }
}

/// Hears all that a server prints, until it is stopped.
async fn listen(
    mut server: Node,
    hear: watch::Sender<Vec<Value>>,
    mut stopped: watch::Receiver<()>,
) -> Result<bool, BoxError> {
    loop {
        tokio::select! {
            line = server.next() => match line? {
                Some(line) => hear.send_modify(|lines| lines.push(line)),
                None => return Err(BoxError::from("the server ended by itself")),
            },
            _ = stopped.changed() => return server.end().await,
        }
    }
}
