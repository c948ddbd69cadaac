//! Our server, checked by NestJS's client and by peers without NestJS.

use std::{
    collections::BTreeMap,
    sync::{Arc, Mutex, PoisonError},
    time::Duration,
};

use anywire::{BoxError, Context, Failure, On, OrInternal as _, RpcException, Values};
use serde_json::Value;

use crate::{
    interop::{
        EventsSeenRequest, GetUserRequest, Interop, LogRequest, MetadataEchoRequest, NestedRequest,
        NothingRequest, SlowRequest, User, UserCreated, UserError, UserRenamed,
        ValuesOfNoneRequest, ValuesOfThreeRequest, ValuesThatFailRequest, ValuesUpToRequest,
    },
    left_out,
    node::Node,
    round::Round,
    uploading::Notes,
    wildcards::Scored,
    wire::Wire,
};

/// Answers the contract, and remembers the events. Clones share what they heard.
#[derive(Clone, Default)]
pub(crate) struct Ours {
    seen: Arc<Mutex<Vec<String>>>,
    /// Of streams that callers send.
    pub(crate) notes: Notes,
}

impl Ours {
    fn hear(&self, line: String) {
        self.seen
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .push(line);
    }
}

impl Interop for Ours {
    async fn get_user(
        &self,
        _: &Context,
        request: GetUserRequest,
    ) -> Result<User, Failure<UserError>> {
        match request.id.as_str() {
            "1" => {
                let ada = User::new("1", "ada@example.com");
                Ok(User {
                    name: Some("Ada".to_owned()),
                    ..ada
                })
            }
            "boom" => Err("a secret that must not travel").internal()?,
            "rpc" => {
                let value = serde_json::json!({ "status": 418, "message": "teapot", "extra": [1] });
                Err(RpcException::from_value(&value))?
            }
            _ => Err(UserError::NotFound { id: request.id })?,
        }
    }

    async fn sum(&self, _: &Context, numbers: Vec<i32>) -> Result<i64, Failure> {
        Ok(numbers.into_iter().map(i64::from).sum())
    }

    async fn echo(&self, _: &Context, text: String) -> Result<String, Failure> {
        Ok(text)
    }

    async fn nothing(&self, _: &Context, _: NothingRequest) -> Result<(), Failure> {
        Ok(())
    }

    async fn slow(&self, _: &Context, request: SlowRequest) -> Result<u32, Failure> {
        // What the contract asks of it: an answer after so long.
        tokio::time::sleep(Duration::from_millis(request.ms.into())).await;
        Ok(request.ms)
    }

    async fn nested(&self, _: &Context, _: NestedRequest) -> Result<String, Failure> {
        Ok("nested".to_owned())
    }

    async fn events_seen(&self, _: &Context, _: EventsSeenRequest) -> Result<Vec<String>, Failure> {
        Ok(self
            .seen
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .clone())
    }

    async fn metadata_echo(
        &self,
        cx: &Context,
        _: MetadataEchoRequest,
    ) -> Result<BTreeMap<String, String>, Failure> {
        let headers = cx.headers().iter();
        Ok(headers
            .map(|(name, value)| (name.to_owned(), value.to_owned()))
            .collect())
    }

    async fn values_of_three(
        &self,
        _: &Context,
        _: ValuesOfThreeRequest,
    ) -> Result<Values<u32>, Failure> {
        Ok(Values::of([1, 2, 3]))
    }

    async fn values_of_none(
        &self,
        _: &Context,
        _: ValuesOfNoneRequest,
    ) -> Result<Values<u32>, Failure> {
        Ok(Values::of([]))
    }

    async fn values_that_fail(
        &self,
        _: &Context,
        _: ValuesThatFailRequest,
    ) -> Result<Values<u32>, Failure> {
        let broken_off = RpcException::new("broken off").with_status(409);
        Ok(Values::new(futures_util::stream::iter([
            Ok(1),
            Err(broken_off.into()),
        ])))
    }

    async fn values_up_to(
        &self,
        _: &Context,
        request: ValuesUpToRequest,
    ) -> Result<Values<u32>, Failure> {
        Ok(Values::of(1..=request.last))
    }

    async fn log(&self, _: &Context, request: LogRequest) -> Result<(), Failure> {
        self.hear(format!("log {}", request.line));
        Ok(())
    }
}

impl On<UserCreated> for Ours {
    async fn on(&self, _: &Context, event: UserCreated) -> Result<(), Failure> {
        self.hear(format!("user_created {} {}", event.user_id, event.email));
        Ok(())
    }
}

impl On<UserRenamed> for Ours {
    async fn on(&self, _: &Context, event: UserRenamed) -> Result<(), Failure> {
        self.hear(format!("user_renamed {}", event.user_id));
        Ok(())
    }
}

impl On<Scored> for Ours {
    async fn on(&self, _: &Context, event: Scored) -> Result<(), Failure> {
        self.hear(format!("scored {} {}", event.level, event.user_id));
        Ok(())
    }
}

/// Has the client of that version check our server.
pub(crate) async fn checked_by(
    wire: &Wire,
    version: &str,
    round: &mut Round,
) -> Result<(), BoxError> {
    if round.cannot_be() {
        return Ok(());
    }
    let running = wire.serve(Ours::default()).await?;
    let port = running
        .address("Interop")
        .map_or(0, |address| address.port())
        .to_string();

    let mut arguments = vec!["--version", version, "--port", &port];
    arguments.extend(wire.arguments());
    let mut client = Node::start("client.mjs", &arguments)?;
    let mut is_done = false;
    while let Some(line) = client.next().await? {
        if line["done"] == true {
            is_done = true;
            round.met(text(&line["nest"]));
            continue;
        }
        let check = text(&line["check"]);
        match &line["skipped"] {
            Value::String(why) if left_out::by_nest(wire.name(), version, check) => {
                round.leave_out(check, why);
            }
            Value::String(why) => round.note(check, Err(format!("left out: {why}"))),
            _ if line["ok"] == true => round.note(check, Ok(())),
            _ => round.note(check, Err(text(&line["why"]).to_owned())),
        }
    }
    let ended_well = client.end().await?;
    if !is_done || ended_well != (round.report.failed() == 0) {
        round.note("the client's own count", Err("it ended early".to_owned()));
    }
    Ok(running.stop().await?)
}

fn text(value: &Value) -> &str {
    value.as_str().unwrap_or_default()
}
