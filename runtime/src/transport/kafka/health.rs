//! What the client library tells of its connections, and what blocks for a while.

use std::{
    ops::Deref,
    sync::{
        Mutex, PoisonError,
        atomic::{AtomicBool, Ordering},
    },
    thread,
};

use rdkafka::{
    ClientContext,
    config::RDKafkaLogLevel,
    error::{KafkaError, RDKafkaErrorCode},
};
use tokio::{sync::Notify, task::JoinError};

/// How the connections of one client are.
#[derive(Debug, Default)]
pub(super) struct Health {
    reason: Mutex<Option<String>>,
    is_refused: AtomicBool,
    lost: Notify,
}

impl Health {
    /// Notes an error of the library.
    pub(super) fn note(&self, error: &KafkaError, reason: &str) {
        tracing::warn!(%error, reason, "Kafka");
        match error.rdkafka_error_code() {
            Some(RDKafkaErrorCode::AllBrokersDown) => {
                self.is_refused.store(true, Ordering::Relaxed);
                self.lost.notify_one();
            }
            Some(RDKafkaErrorCode::Authentication) => {
                self.set_reason(reason);
                self.is_refused.store(true, Ordering::Relaxed);
            }
            _ => self.set_reason(reason),
        }
    }

    fn set_reason(&self, reason: &str) {
        *self.reason.lock().unwrap_or_else(PoisonError::into_inner) = Some(reason.to_owned());
    }

    /// The last error.
    pub(super) fn reason(&self) -> String {
        let reason = self.reason.lock().unwrap_or_else(PoisonError::into_inner);
        reason
            .clone()
            .unwrap_or_else(|| "no answer in time".to_owned())
    }

    /// Whether all brokers were tried in vain, or one does not let us in.
    pub(super) fn is_refused(&self) -> bool {
        self.is_refused.load(Ordering::Relaxed)
    }

    /// Waits until no broker is connected any more.
    pub(super) async fn lost(&self) {
        self.lost.notified().await;
    }
}

/// The library's messages, in tracing.
pub(super) fn log(level: RDKafkaLogLevel, facility: &str, message: &str) {
    match level {
        RDKafkaLogLevel::Emerg
        | RDKafkaLogLevel::Alert
        | RDKafkaLogLevel::Critical
        | RDKafkaLogLevel::Error
        | RDKafkaLogLevel::Warning => tracing::warn!(facility, message, "librdkafka"),
        RDKafkaLogLevel::Notice | RDKafkaLogLevel::Info | RDKafkaLogLevel::Debug => {
            tracing::debug!(facility, message, "librdkafka");
        }
    }
}

/// A context that tells of nothing but in the log.
#[derive(Debug)]
pub(super) struct Quiet;

impl ClientContext for Quiet {
    fn log(&self, level: RDKafkaLogLevel, facility: &str, message: &str) {
        log(level, facility, message);
    }

    fn error(&self, error: KafkaError, reason: &str) {
        tracing::debug!(%error, reason, "Kafka");
    }
}

/// What blocks while it is dropped, which no task may: a thread of its own drops it.
pub(super) struct OffThread<T: Send + 'static>(Option<T>);

impl<T: Send + 'static> OffThread<T> {
    pub(super) fn new(value: T) -> Self {
        Self(Some(value))
    }

    /// Drops it, and waits until that is done.
    pub(super) async fn close(mut self) {
        if let Some(value) = self.0.take() {
            blocking(move || drop(value)).await;
        }
    }
}

impl<T: Send + 'static> Deref for OffThread<T> {
    type Target = T;

    fn deref(&self) -> &T {
        self.0.as_ref().expect("it is there until it is dropped")
    }
}

impl<T: Send + 'static> Drop for OffThread<T> {
    fn drop(&mut self) {
        if let Some(value) = self.0.take() {
            thread::spawn(move || drop(value));
        }
    }
}

/// Does what blocks, in a place that is meant for it.
pub(super) async fn blocking<T: Send + 'static>(work: impl FnOnce() -> T + Send + 'static) -> T {
    match tokio::task::spawn_blocking(work)
        .await
        .map_err(JoinError::try_into_panic)
    {
        Ok(done) => done,
        Err(Ok(panic)) => std::panic::resume_unwind(panic),
        // The runtime is being shut down, and this with it.
        Err(Err(_)) => std::future::pending().await,
    }
}
