//! The task behind a client, which ends with it.

use std::sync::{Mutex, PoisonError};

use tokio::{sync::watch, task::JoinHandle};

use crate::Stop;

/// What drives a client's connection until that is closed or dropped.
pub(super) struct ClientTask {
    stop: watch::Sender<bool>,
    task: Mutex<Option<JoinHandle<()>>>,
}

impl ClientTask {
    /// Spawns what `run` makes. It must end when stop is requested, and not panic.
    pub(super) fn spawn<F>(run: impl FnOnce(Stop) -> F) -> Self
    where
        F: Future<Output = ()> + Send + 'static,
    {
        let (sender, stop) = Stop::new();
        Self {
            stop: sender,
            task: Mutex::new(Some(tokio::spawn(run(stop)))),
        }
    }

    /// Asks the task to end, and waits until it has.
    pub(super) async fn close(&self) {
        // An error means that it has ended already.
        let _ = self.stop.send(true);
        let task = self
            .task
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .take();
        if let Some(task) = task {
            // It does not panic, and nobody else cancels it.
            let _ = task.await;
        }
    }
}
