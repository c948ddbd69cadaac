//! Our server, checked by NestJS's client and by peers without NestJS.

use std::{
    collections::BTreeMap,
    sync::{Arc, Mutex, PoisonError},
    time::Duration,
};

use anywire::{App, BoxError, Context, Failure, On, OrInternal as _, RpcException, Tcp};
use anywire_conformance::Report;
use serde_json::Value;

use crate::{
    interop::{
        EventsSeenRequest, GetUserRequest, Interop, InteropServer, LogRequest, MetadataEchoRequest,
        NestedRequest, NothingRequest, SlowRequest, User, UserCreated, UserCreatedSubscriber,
        UserError, UserRenamed, UserRenamedSubscriber,
    },
    node::Node,
};

/// Answers the contract, and remembers the events. Clones share what they heard.
#[derive(Clone, Default)]
struct Ours {
    seen: Arc<Mutex<Vec<String>>>,
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

/// Has the client of that version check our server. What it skips must be in `left_out`.
pub(crate) async fn checked_by_nest(
    version: &str,
    left_out: &[(&str, &str)],
) -> Result<Report, BoxError> {
    let (ours, tcp) = (Ours::default(), Tcp::listen("127.0.0.1:0"));
    let running = App::new()
        .serve(InteropServer::new(ours.clone()).on(tcp.clone()))
        .subscribe(UserCreatedSubscriber::new(ours.clone()).on(tcp.clone()))
        .subscribe(UserRenamedSubscriber::new(ours).on(tcp))
        .start()
        .await?;
    let port = running
        .address("Interop")
        .ok_or("no address")?
        .port()
        .to_string();

    let mut client = Node::start("client.mjs", &["--version", version, "--port", &port])?;
    let mut report = Report {
        transport: version.to_owned(),
        outcomes: Vec::new(),
    };
    let mut is_done = false;
    while let Some(line) = client.next().await? {
        if line["done"] == true {
            is_done = true;
            report.transport = format!("Nest {}", text(&line["nest"]));
            continue;
        }
        let check = text(&line["check"]).to_owned();
        let outcome = if line["ok"] == true {
            Ok(())
        } else if let Value::String(why) = &line["skipped"] {
            if left_out.contains(&(version, &check)) {
                continue;
            }
            Err(format!("left out: {why}"))
        } else {
            Err(text(&line["why"]).to_owned())
        };
        report.outcomes.push((check, outcome));
    }
    let ended_well = client.end().await?;
    if !is_done || ended_well != (report.failed() == 0) {
        report.outcomes.push((
            "the client's own count".to_owned(),
            Err("it ended early".to_owned()),
        ));
    }
    running.stop().await?;
    Ok(report)
}

fn text(value: &Value) -> &str {
    value.as_str().unwrap_or_default()
}
