//! Events that wait for one subscriber.

use std::{cmp::Reverse, collections::VecDeque, time::Duration};

use tokio::{
    sync::mpsc,
    time::{Instant, sleep_until},
};

use crate::Request;

/// How long an event is held back when no others come.
const HELD: Duration = Duration::from_millis(100);

/// An event on its way to one subscriber.
pub(super) struct Queued {
    pub(super) request: Request,
    /// With how many others it is held back.
    pub(super) reorder: usize,
}

/// Events in the order in which they are handled.
pub(super) struct Queue {
    arriving: mpsc::Receiver<Queued>,
    // Each with the place of the first of its key.
    held: Vec<(usize, Request)>,
    // How many are held until all are let go, and until when.
    wanted: usize,
    end: Instant,
    ready: VecDeque<Request>,
}

impl Queue {
    /// As many wait at most as are given here.
    pub(super) fn new(limit: usize) -> (mpsc::Sender<Queued>, Self) {
        let (sender, arriving) = mpsc::channel(limit);
        let queue = Self {
            arriving,
            held: Vec::new(),
            wanted: 0,
            end: Instant::now(),
            ready: VecDeque::new(),
        };
        (sender, queue)
    }

    /// Takes nothing new.
    pub(super) fn close(&mut self) {
        self.arriving.close();
    }

    /// The next event; `None` if it is closed and empty. Can be dropped at any
    /// time without losing one.
    pub(super) async fn next(&mut self) -> Option<Request> {
        while self.ready.is_empty() {
            tokio::select! {
                // In this order, so that what happens once happens again.
                biased;
                () = sleep_until(self.end), if !self.held.is_empty() => self.release(),
                arrived = self.arriving.recv() => match arrived {
                    Some(queued) => self.sort_in(queued),
                    None if self.held.is_empty() => return None,
                    None => self.release(),
                },
            }
        }
        self.ready.pop_front()
    }

    fn sort_in(&mut self, Queued { request, reorder }: Queued) {
        let of_key =
            |(_, held): &&(usize, Request)| request.key.is_some() && held.key == request.key;
        let first_of_key = self.held.iter().find(of_key).map(|(place, _)| *place);
        if reorder < 2 && first_of_key.is_none() {
            self.ready.push_back(request);
            return;
        }
        if self.held.is_empty() {
            self.end = Instant::now() + HELD;
            self.wanted = reorder;
        }
        let place = first_of_key.unwrap_or(self.held.len());
        self.held.push((place, request));
        if self.held.len() >= self.wanted {
            self.release();
        }
    }

    /// Lets go of all that is held, the last one first; those of one key stay in order.
    fn release(&mut self) {
        self.held.sort_by_key(|(place, _)| Reverse(*place));
        let turned = self.held.drain(..).map(|(_, request)| request);
        self.ready.extend(turned);
    }
}
