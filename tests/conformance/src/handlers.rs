//! The services under test, and what a check knows of them.

use std::{
    collections::{BTreeMap, HashMap},
    sync::{Arc, Mutex, OnceLock, PoisonError},
};

use anywire::{Context, Failure, MESSAGE_ID, On, OrInternal as _, RpcException};
use futures_util::future::select_all;
use tokio::sync::{Semaphore, watch};

use crate::conformance::{
    Announced, Checks, ChecksClient, Everything, FailRequest, Failing, FailingError,
    HeadersRequest, JoinRequest, JotRequest, LaterRequest, More, MoreRequest, NoteRequest, Notes,
    NothingRequest, Ordered, RegisterRequest, RelayRequest, Remaining, RemainingRequest, Stored,
    WaitRequest,
};

mod named;
mod streaming;

pub(crate) use streaming::item;
pub use streaming::{Streamers, Uploaders};

/// What happened, in order. Clones share it.
#[derive(Debug, Clone)]
pub struct Log(Arc<watch::Sender<Vec<String>>>);

impl Default for Log {
    fn default() -> Self {
        Self(Arc::new(watch::Sender::new(Vec::new())))
    }
}

impl Log {
    /// Adds a line.
    pub fn add(&self, line: impl Into<String>) {
        self.0.send_modify(|lines| lines.push(line.into()));
    }

    /// All lines so far.
    #[must_use]
    pub fn lines(&self) -> Vec<String> {
        self.0.borrow().clone()
    }

    /// Waits until the lines are as wanted, and returns them.
    pub async fn until(&self, wanted: impl Fn(&[String]) -> bool) -> Vec<String> {
        let mut lines = self.0.subscribe();
        match lines.wait_for(|lines| wanted(lines)).await {
            Ok(lines) => lines.clone(),
            // Not while there is a sender in `self`.
            Err(_) => Vec::new(),
        }
    }

    /// Waits until these have so many lines together.
    pub async fn until_together<const N: usize>(logs: [&Self; N], count: usize) {
        let mut all = logs.map(|log| log.0.subscribe());
        while all
            .each_mut()
            .map(|one| one.borrow_and_update().len())
            .iter()
            .sum::<usize>()
            < count
        {
            let changed = all.each_mut().map(|one| Box::pin(one.changed()));
            select_all(changed).await.0.expect("their senders are here");
        }
    }

    /// Waits until there is such a line.
    pub async fn until_has(&self, line: &str) {
        self.until(|lines| lines.iter().any(|found| found == line))
            .await;
    }

    /// How many lines are this one.
    #[must_use]
    pub fn count(&self, line: &str) -> usize {
        self.0
            .borrow()
            .iter()
            .filter(|found| *found == line)
            .count()
    }
}

/// Gates that handlers wait at, by number. Clones share them.
#[derive(Debug, Clone, Default)]
pub struct Gates(Arc<Mutex<HashMap<u32, Arc<Semaphore>>>>);

impl Gates {
    fn gate(&self, number: u32) -> Arc<Semaphore> {
        let mut gates = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        Arc::clone(
            gates
                .entry(number)
                .or_insert_with(|| Arc::new(Semaphore::new(0))),
        )
    }

    /// Lets through all that wait there or will.
    pub fn open(&self, number: u32) {
        self.gate(number).close();
    }

    /// Waits until it is open.
    pub async fn pass(&self, number: u32) {
        // Nobody hands out permits: what ends the wait is that the gate is closed, as a semaphore.
        let _ = self.gate(number).acquire().await;
    }
}

/// Answers the suite's messages. Clones share what they know.
#[derive(Debug, Clone, Default)]
pub struct Handlers {
    /// What `wait` waits at.
    pub gates: Gates,
    /// `note LINE`, `wait GATE`, `left GATE` when that handler ends, however it does.
    pub log: Log,
    /// What `relay` calls.
    pub onward: Arc<OnceLock<ChecksClient>>,
}

/// Notes when a handler or a stream ends or is dropped.
#[derive(Debug)]
pub(crate) struct Leaves(pub(crate) Log, pub(crate) u32);

impl Drop for Leaves {
    fn drop(&mut self) {
        self.0.add(format!("left {}", self.1));
    }
}

impl Checks for Handlers {
    async fn echo(&self, _: &Context, text: String) -> Result<String, Failure> {
        Ok(text)
    }

    async fn sum(&self, _: &Context, numbers: Vec<i32>) -> Result<i64, Failure> {
        Ok(numbers.into_iter().map(i64::from).sum())
    }

    async fn join(&self, _: &Context, request: JoinRequest) -> Result<String, Failure> {
        let JoinRequest {
            first,
            second,
            third,
        } = request;
        Ok(format!("{first} {second} {}", third.unwrap_or_default()))
    }

    async fn everything(&self, _: &Context, value: Everything) -> Result<Everything, Failure> {
        Ok(value)
    }

    async fn nothing(&self, _: &Context, _: NothingRequest) -> Result<(), Failure> {
        Ok(())
    }

    async fn fail(
        &self,
        _: &Context,
        request: FailRequest,
    ) -> Result<String, Failure<FailingError>> {
        match request.how {
            Failing::Declared { id, name } => Err(FailingError::Taken { id, name })?,
            Failing::Busy => Err(FailingError::Busy)?,
            Failing::Undeclared => Err("a secret that must not travel").internal()?,
            Failing::Exception => {
                let value = serde_json::json!({ "status": 418, "message": "teapot", "extra": [1] });
                Err(RpcException::from_value(&value))?
            }
            // Unwinds as a panic does, without the report on standard error.
            Failing::Panic => std::panic::resume_unwind(Box::new("a panic on purpose")),
        }
        Ok(String::new())
    }

    async fn wait(&self, _: &Context, request: WaitRequest) -> Result<u32, Failure> {
        let _leaves = Leaves(self.log.clone(), request.gate);
        self.log.add(format!("wait {}", request.gate));
        self.gates.pass(request.gate).await;
        Ok(request.gate)
    }

    async fn later(&self, _: &Context, _: LaterRequest) -> Result<(), Failure> {
        tokio::task::yield_now().await;
        Ok(())
    }

    async fn remaining(&self, cx: &Context, _: RemainingRequest) -> Result<Remaining, Failure> {
        let millis = cx.remaining().map(|left| left.as_millis());
        let millis = millis.map(|millis| u32::try_from(millis).unwrap_or(u32::MAX));
        Ok(Remaining { millis })
    }

    async fn headers(
        &self,
        cx: &Context,
        _: HeadersRequest,
    ) -> Result<BTreeMap<String, String>, Failure> {
        let headers = cx.headers().iter();
        Ok(headers
            .map(|(name, value)| (name.to_owned(), value.to_owned()))
            .collect())
    }

    async fn relay(
        &self,
        cx: &Context,
        _: RelayRequest,
    ) -> Result<BTreeMap<String, String>, Failure> {
        let onward = self.onward.get().ok_or("nobody to call").internal()?;
        Ok(onward.headers().within(cx).await?)
    }

    async fn register(&self, _: &Context, request: RegisterRequest) -> Result<String, Failure> {
        self.log.add(format!("registered {}", request.person.name));
        Ok(request.person.name)
    }

    async fn note(&self, _: &Context, request: NoteRequest) -> Result<(), Failure> {
        self.log.add(format!("note {}", request.line));
        Ok(())
    }
}

/// Answers the second service.
#[derive(Debug, Clone, Copy, Default)]
pub struct MoreHandlers;

impl More for MoreHandlers {
    async fn more(&self, _: &Context, _: MoreRequest) -> Result<String, Failure> {
        Ok("more".to_owned())
    }
}

/// Hears events. Clones share what they heard.
#[derive(Debug, Clone, Default)]
pub struct Heard {
    /// The text of every event, in the order in which they came; of those with
    /// wildcards the values of these as well.
    pub log: Log,
    /// The message ids of the stored ones, empty where there is none.
    pub ids: Log,
    /// `1` is where an event called `gate` waits.
    pub gates: Gates,
}

impl Heard {
    /// Notes an event. What its text asks for decides how that ends.
    async fn hear(&self, text: &str) -> Result<(), Failure> {
        self.log.add(text);
        let times = self.log.count(text);
        match text {
            // A retryable failure, twice.
            "stumble" if times < 3 => Err("not yet").internal()?,
            "panic" if times < 2 => std::panic::resume_unwind(Box::new("a panic on purpose")),
            // One that trying again cannot help.
            "refuse" => Err(RpcException::new("never").with_status(400))?,
            "gate" => self.gates.pass(1).await,
            _ => {}
        }
        Ok(())
    }
}

impl Notes for Heard {
    async fn jot(&self, _: &Context, request: JotRequest) -> Result<(), Failure> {
        self.hear(&request.line).await
    }
}

impl On<Announced> for Heard {
    async fn on(&self, _: &Context, event: Announced) -> Result<(), Failure> {
        self.hear(&event.text).await
    }
}

impl On<Stored> for Heard {
    async fn on(&self, cx: &Context, event: Stored) -> Result<(), Failure> {
        self.ids
            .add(cx.headers().get(MESSAGE_ID).unwrap_or_default());
        self.hear(&event.text).await
    }
}

impl On<Ordered> for Heard {
    async fn on(&self, _: &Context, event: Ordered) -> Result<(), Failure> {
        let line = format!("{} {}", event.key, event.number);
        self.log.add(&line);
        match (event.key.as_str(), event.number) {
            ("stumbles", 1) if self.log.count(&line) < 3 => Err("not yet").internal()?,
            ("refuses", 1) => Err(RpcException::new("never").with_status(400))?,
            ("waits", 1) => self.gates.pass(1).await,
            _ => {}
        }
        Ok(())
    }
}
