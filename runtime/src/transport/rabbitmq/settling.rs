//! What RabbitMQ is told of messages that are done with.

use std::time::Duration;

use futures_util::{StreamExt as _, stream::FuturesUnordered};
use lapin::{
    Acker,
    options::{BasicAckOptions, BasicNackOptions},
};
use tokio::time::Instant;

use crate::{BoxFuture, delivery::Outcome};

/// How long a message that was taken waits to be acknowledged together with
/// those that follow: each acknowledgement is work for RabbitMQ and its queue.
const TOGETHER: Duration = Duration::from_millis(5);

/// Messages of which RabbitMQ is to be told, or is being told.
pub(super) struct Settling {
    /// Those that were acknowledged as they were taken, in that order.
    taken: Vec<Acker>,
    /// When they are acknowledged, if not before.
    due: Instant,
    /// As many of them are not waited with.
    enough: usize,
    /// The library keeps no order between two of these.
    under_way: FuturesUnordered<BoxFuture<()>>,
}

impl Settling {
    /// RabbitMQ delivers no more than `prefetch` messages that are not acknowledged.
    pub(super) fn new(prefetch: u16) -> Self {
        Self {
            taken: Vec::new(),
            due: Instant::now(),
            enough: usize::from(prefetch / 4).max(1),
            under_way: FuturesUnordered::new(),
        }
    }

    /// Forgets all of them: their connection is lost.
    pub(super) fn forget(&mut self) {
        self.taken.clear();
        self.under_way = FuturesUnordered::new();
    }

    /// Acknowledges a message that has just been taken, soon.
    pub(super) fn taken(&mut self, acker: Acker) {
        if self.taken.is_empty() {
            self.due = Instant::now() + TOGETHER;
        }
        self.taken.push(acker);
    }

    /// Acknowledges a message, or gives it to the dead-letter exchange of its
    /// queue, if that has one.
    pub(super) fn settle(&self, acker: Acker, outcome: Outcome) {
        self.under_way.push(Box::pin(settle(acker, outcome)));
    }

    /// Waits until RabbitMQ was told of something; `None` if there is nothing.
    /// Can be dropped at any time.
    ///
    /// Where messages are taken in their turn, and all before them are settled,
    /// they are acknowledged together, up to the last of them.
    pub(super) async fn next(&mut self, is_in_turn: bool) -> Option<()> {
        if !is_in_turn {
            for acker in self.taken.drain(..) {
                let alone = settle(acker, Outcome::Handled);
                self.under_way.push(Box::pin(alone));
            }
        } else if self.under_way.is_empty() && !self.taken.is_empty() {
            if self.taken.len() < self.enough {
                tokio::time::sleep_until(self.due).await;
            }
            // RabbitMQ closes the channel where a message is settled twice, so
            // that nothing else is told of meanwhile.
            let last = self.taken.pop()?;
            let multiple = !self.taken.is_empty();
            self.taken.clear();
            self.under_way.push(Box::pin(async move {
                told(last.ack(BasicAckOptions { multiple }).await);
            }));
        }
        self.under_way.next().await
    }
}

/// Tells RabbitMQ how a message has ended.
pub(super) async fn settle(acker: Acker, outcome: Outcome) {
    told(match outcome {
        Outcome::Handled => acker.ack(BasicAckOptions::default()).await,
        Outcome::GivenUp => {
            let options = BasicNackOptions {
                requeue: false,
                multiple: false,
            };
            acker.nack(options).await
        }
    });
}

fn told(told: lapin::Result<bool>) {
    if !matches!(told, Ok(true)) {
        tracing::debug!("the connection of a message was lost before it was settled");
    }
}
