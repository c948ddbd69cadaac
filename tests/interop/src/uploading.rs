//! Streams of numbers, and how they are taken by our server and by that of tonic.

use anywire::{Context, Failure, Incoming, Values};
use futures_util::{Stream, StreamExt as _, stream};
use tokio::sync::{mpsc, watch};

use crate::{
    server::Ours,
    uploads::{NotedRequest, UploadError, Uploads},
};

/// Numbers, and never an end.
pub(crate) fn endless(numbers: &[u32]) -> impl Stream<Item = u32> + Send + 'static {
    stream::iter(numbers.to_vec()).chain(stream::pending())
}

/// Numbers as they are sent to it.
pub(crate) fn channel() -> (
    mpsc::UnboundedSender<u32>,
    impl Stream<Item = u32> + Send + 'static,
) {
    let (sender, receiver) = mpsc::unbounded_channel();
    let next =
        async |mut receiver: mpsc::UnboundedReceiver<u32>| Some((receiver.recv().await?, receiver));
    (sender, stream::unfold(receiver, next))
}

/// What was noted of streams. Clones share it.
#[derive(Clone, Default)]
pub(crate) struct Notes(watch::Sender<Vec<String>>);

impl Notes {
    /// Notes what becomes of a stream, by its first number, as the contract says.
    pub(crate) fn taking(&self) -> Taking {
        Taking {
            notes: self.clone(),
            first: None,
            has_ended: false,
        }
    }

    /// Waits until that was noted.
    pub(crate) async fn until(&self, line: &str) {
        let mut lines = self.0.subscribe();
        let noted = lines.wait_for(|lines| lines.iter().any(|noted| noted == line));
        // Its sender is `self`, and does not end.
        let _ = noted.await;
    }

    fn add(&self, line: String) {
        self.0.send_modify(|lines| lines.push(line));
    }
}

/// A stream under way. Dropped before its end, it was given up.
pub(crate) struct Taking {
    notes: Notes,
    first: Option<u32>,
    has_ended: bool,
}

impl Taking {
    /// What the contract makes of the next number, or of the end: a number to go
    /// on with, or the end.
    pub(crate) fn take(&mut self, number: Option<u32>) -> Result<Option<u32>, UploadError> {
        match number {
            None | Some(0) => {
                self.has_ended = true;
                Ok(None)
            }
            Some(number @ 13) => {
                self.has_ended = true;
                Err(UploadError::Aborted { number })
            }
            Some(number) => {
                if self.first.is_none() {
                    self.first = Some(number);
                    self.notes.add(format!("began {number}"));
                }
                Ok(Some(number))
            }
        }
    }
}

impl Drop for Taking {
    fn drop(&mut self) {
        let Some(first) = self.first else { return };
        if !self.has_ended {
            self.notes.add(format!("given up {first}"));
        }
        self.notes.add(format!("left {first}"));
    }
}

impl Uploads for Ours {
    async fn collect(
        &self,
        _: &Context,
        mut numbers: Incoming<u32>,
    ) -> Result<Vec<u32>, Failure<UploadError>> {
        let (mut taking, mut taken) = (self.notes.taking(), Vec::new());
        while let Some(number) = taking.take(numbers.next().await.transpose()?)? {
            taken.push(number);
        }
        Ok(taken)
    }

    async fn echo(
        &self,
        _: &Context,
        numbers: Incoming<u32>,
    ) -> Result<Values<u32, UploadError>, Failure<UploadError>> {
        let state = (numbers, self.notes.taking());
        let next = async |(mut numbers, mut taking): (Incoming<u32>, Taking)| {
            let number = taking.take(numbers.next().await.transpose()?)?;
            Ok(number.map(|number| (number, (numbers, taking))))
        };
        Ok(Values::new(stream::try_unfold(state, next)))
    }

    async fn noted(&self, _: &Context, request: NotedRequest) -> Result<(), Failure> {
        self.notes.until(&request.line).await;
        Ok(())
    }
}
