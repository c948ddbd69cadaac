//! What happens in the shop: a tower layer notes every call and event.

use std::{
    collections::VecDeque,
    sync::{Arc, Mutex, PoisonError},
    task::{Context, Poll},
    time::Instant,
};

use anywire::{BoxFuture, Encoding, OperationKind, Reply, Request, Stop, Timestamp};
use futures_util::{Stream, StreamExt as _, stream};
use serde_json::{Value, json};
use tokio::sync::broadcast;
use tower::{Layer, Service};

/// How many notes are kept for those who come late, and for those who read slowly.
const KEPT: usize = 50;

/// The notes. Clones share them.
#[derive(Debug, Clone)]
pub struct Activity {
    recent: Arc<Mutex<VecDeque<Value>>>,
    live: broadcast::Sender<Value>,
}

impl Default for Activity {
    fn default() -> Self {
        Self {
            recent: Arc::default(),
            live: broadcast::channel(KEPT).0,
        }
    }
}

impl Activity {
    /// The last notes, then each new one as it comes, until stop is requested.
    pub fn follow(&self, stop: Stop) -> impl Stream<Item = Value> + use<> {
        // Taken under one lock, so that no note is in both or in neither.
        let recent = self.recent.lock().unwrap_or_else(PoisonError::into_inner);
        let (past, live) = (recent.clone(), self.live.subscribe());
        let future = stream::unfold((live, stop), |(mut live, mut stop)| async move {
            let note = tokio::select! {
                // Who reads too slowly is cut off. Browsers come back.
                note = live.recv() => note.ok()?,
                () = stop.requested() => return None,
            };
            Some((note, (live, stop)))
        });
        stream::iter(past).chain(future)
    }

    fn note(&self, note: Value) {
        let mut recent = self.recent.lock().unwrap_or_else(PoisonError::into_inner);
        recent.push_back(note.clone());
        if recent.len() > KEPT {
            recent.pop_front();
        }
        // An error means that nobody looks.
        let _ = self.live.send(note);
    }
}

impl<S> Layer<S> for Activity {
    type Service = Recorder<S>;

    fn layer(&self, inner: S) -> Recorder<S> {
        Recorder {
            inner,
            activity: self.clone(),
        }
    }
}

/// A service whose requests are noted.
#[derive(Debug, Clone)]
pub struct Recorder<S> {
    inner: S,
    activity: Activity,
}

impl<S> Service<Request> for Recorder<S>
where
    S: Service<Request, Response = Reply>,
    S::Future: Send + 'static,
{
    type Response = Reply;
    type Error = S::Error;
    type Future = BoxFuture<Result<Reply, S::Error>>;

    fn poll_ready(&mut self, cx: &mut Context<'_>) -> Poll<Result<(), S::Error>> {
        self.inner.poll_ready(cx)
    }

    fn call(&mut self, request: Request) -> Self::Future {
        let meta = request.meta;
        let payload = shown(&request);
        let began = Instant::now();
        let reply = self.inner.call(request);
        // The page asks every few seconds who is there. That is no news.
        if meta.name == "ping" {
            return Box::pin(reply);
        }
        let activity = self.activity.clone();
        Box::pin(async move {
            let reply = reply.await;
            activity.note(json!({
                "at": Timestamp::now().as_millis(),
                "kind": if meta.kind == OperationKind::Event { "event" } else { "call" },
                "service": meta.service,
                "operation": meta.name,
                "payload": payload,
                "outcome": outcome(&reply),
                "micros": began.elapsed().as_micros(),
            }));
            reply
        })
    }
}

/// What a request holds, as people read it.
fn shown(request: &Request) -> String {
    match request.encoding {
        Encoding::Json => String::from_utf8_lossy(&request.payload).into_owned(),
        Encoding::Protobuf => format!("{} bytes of protobuf", request.payload.len()),
    }
}

/// What became of a request: `ok`, or the code of the error.
fn outcome<E>(reply: &Result<Reply, E>) -> &str {
    match reply {
        Ok(Reply::Value(_) | Reply::Values(_)) => "ok",
        Ok(Reply::Error { exception, .. }) => exception.code().unwrap_or("INTERNAL"),
        Ok(Reply::Refused(_)) | Err(_) => "UNAVAILABLE",
    }
}
