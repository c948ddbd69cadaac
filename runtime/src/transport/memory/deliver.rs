//! Events from a queue into a subscriber.

use tokio::sync::mpsc;

use crate::{Request, Stop, delivery::Deliveries, service::BoxService};

/// Delivers until stop is requested; then calls `leave`, after which nothing
/// new is queued, and delivers what is left.
pub(super) async fn until_stopped(
    service: BoxService,
    mut queue: mpsc::Receiver<Request>,
    mut stop: Stop,
    leave: impl FnOnce(),
) {
    let mut leave = Some(leave);
    let mut deliveries = Deliveries::new(service);
    loop {
        tokio::select! {
            Some(request) = queue.recv(), if deliveries.has_room() => deliveries.deliver(request, ()),
            Some(_) = deliveries.ended() => {}
            () = stop.requested(), if leave.is_some() => {
                if let Some(leave) = leave.take() {
                    leave();
                }
                queue.close();
            }
            else => break,
        }
    }
}
