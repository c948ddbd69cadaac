//! What RabbitMQ is told of messages that are done with.

use futures_util::{StreamExt as _, stream::FuturesUnordered};
use lapin::{
    Acker,
    options::{BasicAckOptions, BasicNackOptions},
};

use crate::{BoxFuture, delivery::Outcome};

/// Messages of which RabbitMQ is to be told, or is being told.
#[derive(Default)]
pub(super) struct Settling {
    /// Those that were acknowledged as they were taken, in that order.
    taken: Vec<Acker>,
    /// The library keeps no order between two of these.
    under_way: FuturesUnordered<BoxFuture<()>>,
}

impl Settling {
    /// Acknowledges a message that has just been taken, soon.
    pub(super) fn taken(&mut self, acker: Acker) {
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
        } else if self.under_way.is_empty()
            && let Some(last) = self.taken.pop()
        {
            // RabbitMQ closes the channel where a message is settled twice, so
            // that nothing else is told of meanwhile.
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
