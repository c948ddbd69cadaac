//! The handlers that are under way for one binding.

use std::{
    future::{Future, poll_fn},
    pin::Pin,
    task::Poll,
};

use tokio::task::JoinSet;

use crate::{Reply, service::ReplyFuture};

/// Handlers under way, of which there are no more than a limit.
///
/// One that does not have to wait runs where its message was read, and its
/// reply is sent from there. Any other has a task of its own.
#[derive(Debug)]
pub(in crate::transport) struct Handling {
    tasks: JoinSet<()>,
    max: usize,
}

impl Handling {
    pub(in crate::transport) fn new(max: usize) -> Self {
        Self {
            tasks: JoinSet::new(),
            max,
        }
    }

    /// Whether another message may be taken.
    pub(in crate::transport) fn has_room(&self) -> bool {
        self.tasks.len() < self.max
    }

    /// Whether none is under way.
    pub(in crate::transport) fn is_empty(&self) -> bool {
        self.tasks.is_empty()
    }

    /// Runs a handler and hands its reply to `answer`.
    pub(in crate::transport) async fn run<F>(
        &mut self,
        mut reply: ReplyFuture,
        answer: impl FnOnce(Reply) -> F + Send + 'static,
    ) where
        F: Future<Output = ()> + Send,
    {
        match now(Pin::new(&mut reply)).await {
            Poll::Ready(Ok(values @ Reply::Values(_))) => {
                self.tasks.spawn(async move { answer(values).await });
            }
            Poll::Ready(Ok(reply)) => answer(reply).await,
            Poll::Pending => {
                self.tasks.spawn(async move {
                    let Ok(reply) = reply.await;
                    answer(reply).await;
                });
            }
        }
    }

    /// The same, where a reply is long on its way: the next message does not
    /// wait until it is sent.
    pub(in crate::transport) async fn run_apart<F>(
        &mut self,
        mut reply: ReplyFuture,
        answer: impl FnOnce(Reply) -> F + Send + 'static,
    ) where
        F: Future<Output = ()> + Send + 'static,
    {
        match now(Pin::new(&mut reply)).await {
            Poll::Ready(Ok(reply)) => {
                let mut answering = Box::pin(answer(reply));
                if now(answering.as_mut()).await.is_pending() {
                    self.tasks.spawn(answering);
                }
            }
            Poll::Pending => {
                self.tasks.spawn(async move {
                    let Ok(reply) = reply.await;
                    answer(reply).await;
                });
            }
        }
    }

    /// Sends an answer that no handler has made, beside those that some have.
    pub(in crate::transport) fn answer(&mut self, sent: impl Future<Output = ()> + Send + 'static) {
        self.tasks.spawn(sent);
    }

    /// Waits until a handler has ended; `None` if there is none.
    pub(in crate::transport) async fn ended(&mut self) -> Option<()> {
        // A handler that panics has answered: `ReplyFuture` sees to it.
        self.tasks.join_next().await.map(drop)
    }
}

/// How far a future comes without waiting.
async fn now<F: Future>(mut future: Pin<&mut F>) -> Poll<F::Output> {
    poll_fn(|cx| Poll::Ready(future.as_mut().poll(cx))).await
}
