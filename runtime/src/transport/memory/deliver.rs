//! Events from a queue into a subscriber.

use super::queue::Queue;
use crate::{Stop, delivery::Deliveries, service::BoxService};

/// Delivers until stop is requested; then calls `leave`, after which nothing
/// new is queued, and delivers what is left.
pub(super) async fn until_stopped(
    service: BoxService,
    mut queue: Queue,
    mut stop: Stop,
    leave: impl FnOnce(),
) {
    let mut leave = Some(leave);
    let mut deliveries = Deliveries::new(service).repeatable();
    loop {
        tokio::select! {
            // In this order, so that what happens once happens again.
            biased;
            () = stop.requested(), if leave.is_some() => {
                if let Some(leave) = leave.take() {
                    leave();
                }
                queue.close();
            }
            Some(_) = deliveries.ended() => {}
            Some(request) = queue.next(), if deliveries.has_room() => deliveries.deliver(request, ()),
            else => break,
        }
    }
}
