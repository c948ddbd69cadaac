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
        let (hear, heard) = watch::channel(Vec::new());
        let (stop, stopped) = watch::channel(());
        let (ready, running) = if version == "tonic" {
            let (port, running) = tonic_peer::server::start(hear, stopped)?;
            (
                json!({ "port": port, "nest": tonic_peer::VERSION }),
                running,
            )
        } else {
            let mut arguments = vec!["--version", version];
            arguments.extend(wire.arguments());
            let mut server = Node::start("server.mjs", &arguments)?;
            let ready = server.next().await?;
            let ready = ready.ok_or("the server ended before it was ready")?;
            (ready, tokio::spawn(listen(server, hear, stopped)))
        };
        Ok(Self {
            ready,
            heard,
            stop,
            running,
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
