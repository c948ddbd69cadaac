//! Stored events that are being handled, until RabbitMQ is told how they ended.

use std::{
    future::{Future as _, poll_fn},
    pin::pin,
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
    task::Poll,
};

use lapin::Acker;

use crate::{
    Request,
    delivery::{Deliveries, Outcome},
    transport::nest::table::Target,
};

/// An event that RabbitMQ waits to hear of, shared by those who handle it.
pub(super) struct Unsettled {
    acker: Acker,
    is_given_up: AtomicBool,
}

/// Events that are being handled, by subscriber.
#[derive(Default)]
pub(super) struct Stored(Vec<(Subscriber, Deliveries<Arc<Unsettled>>)>);

/// A subscriber of one server: its event, and its place among the event's.
type Subscriber = (&'static str, usize);

impl Unsettled {
    pub(super) fn new(acker: Acker) -> Arc<Self> {
        Arc::new(Self {
            acker,
            is_given_up: AtomicBool::new(false),
        })
    }
}

impl Stored {
    /// Whether another event may be taken.
    pub(super) fn has_room(&self) -> bool {
        self.0.iter().all(|(_, deliveries)| deliveries.has_room())
    }

    /// Whether none is under way.
    pub(super) fn is_empty(&self) -> bool {
        self.0.iter().all(|(_, deliveries)| deliveries.is_empty())
    }

    /// Has an event handled by a subscriber.
    pub(super) fn deliver(
        &mut self,
        place: usize,
        target: &Target,
        request: Request,
        event: Arc<Unsettled>,
    ) {
        let subscriber = (target.meta.route, place);
        let known = self.0.iter().position(|(known, _)| *known == subscriber);
        let at = known.unwrap_or_else(|| {
            let deliveries = Deliveries::new(target.service.clone());
            self.0.push((subscriber, deliveries));
            self.0.len() - 1
        });
        self.0[at].1.deliver(request, event);
    }

    /// The next event that all its subscribers are done with, and whether one
    /// has given it up; `None` if none is under way. Can be dropped at any time.
    pub(super) async fn ended(&mut self) -> Option<(Acker, Outcome)> {
        loop {
            let (event, outcome) = poll_fn(|cx| {
                let mut is_idle = true;
                for (_, deliveries) in &mut self.0 {
                    match pin!(deliveries.ended()).poll(cx) {
                        Poll::Ready(Some(ended)) => return Poll::Ready(Some(ended)),
                        Poll::Ready(None) => {}
                        Poll::Pending => is_idle = false,
                    }
                }
                if is_idle {
                    Poll::Ready(None)
                } else {
                    Poll::Pending
                }
            })
            .await?;
            if outcome == Outcome::GivenUp {
                event.is_given_up.store(true, Ordering::Relaxed);
            }
            if let Some(event) = Arc::into_inner(event) {
                let outcome = if event.is_given_up.into_inner() {
                    Outcome::GivenUp
                } else {
                    Outcome::Handled
                };
                return Some((event.acker, outcome));
            }
        }
    }
}
