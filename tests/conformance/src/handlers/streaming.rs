//! Who answers with streams, and who takes them.

use std::{
    iter,
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering},
    },
};

use anywire::{Context, Failure, Incoming, OrInternal as _, RpcException, Values};
use futures_util::{StreamExt as _, stream};

use super::{Gates, Leaves, Log};
use crate::streaming::{
    BesideRequest, CountRequest, Ending, FloodRequest, FollowRequest, Header, HeadersRequest, Item,
    PingRequest, RefuseRequest, Streaming, StreamingError, Sum, Uploading,
};

/// Answers with streams. Clones share what they know.
#[derive(Debug, Clone, Default)]
pub struct Streamers {
    /// What `follow` waits at.
    pub gates: Gates,
    /// `began NAME` for `follow` by its first gate and for `flood` by its name,
    /// and `left NAME` when that stream ends, however it does.
    pub log: Log,
    /// How many texts `flood` has made.
    pub made: Arc<AtomicUsize>,
}

impl Streamers {
    /// Notes that a stream begins, and when it ends.
    fn begin(&self, name: u32) -> Leaves {
        self.log.add(format!("began {name}"));
        Leaves(self.log.clone(), name)
    }
}

/// The end that is asked for; `None` if nothing but the end.
fn end(how: Ending) -> Option<Failure<StreamingError>> {
    match how {
        Ending::Well => None,
        Ending::Declared => Some(Failure::Service(StreamingError::BrokenOff {
            number: 7,
            reason: "\"enough\" 🦀".to_owned(),
        })),
        Ending::Undeclared => {
            let failed: Result<(), _> = Err("a secret that must not travel").internal();
            failed.err().map(Into::into)
        }
        Ending::Exception => {
            let value = serde_json::json!({ "status": 418, "message": "teapot", "extra": [1] });
            Some(RpcException::from_value(&value).into())
        }
        // Unwinds as a panic does, without the report on standard error.
        Ending::Panic => std::panic::resume_unwind(Box::new("a panic on purpose")),
    }
}

impl Streaming for Streamers {
    async fn count(
        &self,
        _: &Context,
        request: CountRequest,
    ) -> Result<Values<Item, StreamingError>, Failure<StreamingError>> {
        let first = request.first.unwrap_or(1);
        let ending = request.ending.unwrap_or(Ending::Well);
        let items = (first..).take(request.values as usize).map(item).map(Ok);
        let items = items.chain(iter::once_with(move || end(ending)).flatten().map(Err));
        Ok(Values::new(stream::iter(items)))
    }

    async fn refuse(
        &self,
        _: &Context,
        request: RefuseRequest,
    ) -> Result<Values<Item, StreamingError>, Failure<StreamingError>> {
        end(request.how).map_or_else(|| Ok(Values::of([])), Err)
    }

    async fn follow(&self, _: &Context, request: FollowRequest) -> Result<Values<u32>, Failure> {
        let FollowRequest {
            gate,
            values,
            lingers,
        } = request;
        let (leaves, gates) = (self.begin(gate), self.gates.clone());
        let numbers = stream::unfold((0, leaves), move |(number, leaves)| {
            let gates = gates.clone();
            async move {
                if number < values || lingers == Some(true) {
                    gates.pass(gate + number).await;
                }
                (number < values).then_some((Ok(number), (number + 1, leaves)))
            }
        });
        Ok(Values::new(numbers))
    }

    async fn flood(&self, _: &Context, request: FloodRequest) -> Result<Values<String>, Failure> {
        let (leaves, made) = (self.begin(request.name), Arc::clone(&self.made));
        let text = "x".repeat(request.size as usize);
        Ok(Values::of(iter::repeat_with(move || {
            let _ = &leaves;
            made.fetch_add(1, Ordering::Relaxed);
            text.clone()
        })))
    }

    async fn headers(&self, cx: &Context, _: HeadersRequest) -> Result<Values<Header>, Failure> {
        let headers = cx.headers().iter();
        let headers = headers.map(|(name, value)| Header::new(name, value));
        Ok(Values::of(headers.collect::<Vec<_>>()))
    }

    async fn ping(&self, _: &Context, request: PingRequest) -> Result<u32, Failure> {
        Ok(request.number)
    }
}

/// The item of a number.
pub(crate) fn item(number: u64) -> Item {
    Item::new(number, format!("item {number}"))
}

/// Takes streams. Clones share what they know.
#[derive(Debug, Clone, Default)]
pub struct Uploaders {
    /// What `sum` waits at when it has taken an item whose text is `gate`: its number.
    pub gates: Gates,
    /// `took NUMBER` for each item, `summed` when `sum` has taken all, and `left 0`
    /// when a handler or its stream ends, however it does.
    pub log: Log,
}

impl Uploaders {
    fn take(&self, item: &Item) -> Result<(), StreamingError> {
        self.log.add(format!("took {}", item.number));
        match item.number {
            13 => Err(StreamingError::BrokenOff {
                number: 13,
                reason: "unlucky".to_owned(),
            }),
            666 => std::panic::resume_unwind(Box::new("a panic on purpose")),
            _ => Ok(()),
        }
    }
}

impl Uploading for Uploaders {
    async fn sum(
        &self,
        _: &Context,
        mut items: Incoming<Item>,
    ) -> Result<Sum, Failure<StreamingError>> {
        let _leaves = Leaves(self.log.clone(), 0);
        let mut sum = Sum::new(0u32, 0u64);
        while let Some(item) = items.next().await {
            let item = item?;
            self.take(&item)?;
            if item.text == "gate" {
                self.gates.pass(item.number as u32).await;
            }
            sum.items += 1;
            sum.total += item.number;
        }
        self.log.add("summed");
        Ok(sum)
    }

    async fn three(&self, _: &Context, mut items: Incoming<Item>) -> Result<Vec<u64>, Failure> {
        let mut numbers = Vec::new();
        while numbers.len() < 3
            && let Some(item) = items.next().await
        {
            numbers.push(item?.number);
        }
        Ok(numbers)
    }

    async fn echo(
        &self,
        _: &Context,
        items: Incoming<Item>,
    ) -> Result<Values<Item, StreamingError>, Failure<StreamingError>> {
        let (uploaders, leaves) = (self.clone(), Leaves(self.log.clone(), 0));
        Ok(Values::new(items.map(move |item| {
            let (_, item) = (&leaves, item?);
            uploaders.take(&item)?;
            Ok(item)
        })))
    }

    async fn tenant(&self, cx: &Context, _: Incoming<Item>) -> Result<String, Failure> {
        Ok(cx.headers().get("tenant").unwrap_or_default().to_owned())
    }

    async fn beside(&self, _: &Context, request: BesideRequest) -> Result<u32, Failure> {
        Ok(request.number)
    }
}
