//! A server that tonic makes of the exported .proto.

use std::{
    collections::HashMap,
    iter,
    sync::{Arc, Mutex},
    time::Duration,
};

use anywire::BoxError;
use futures_util::{
    StreamExt as _,
    stream::{self, BoxStream},
};
use prost::Message;
use serde_json::{Value, json};
use tokio::{sync::watch, task::JoinHandle};
use tonic::{
    Code, Request, Response, Status, Streaming,
    metadata::KeyAndValueRef,
    transport::{Server, server::TcpIncoming},
};

use super::{
    proto::{
        interop::{
            self as interop, EchoRequest, EchoResponse, EventsSeenRequest, EventsSeenResponse,
            GetUserRequest, LogRequest, MetadataEchoRequest, MetadataEchoResponse, NestedRequest,
            NestedResponse, NothingRequest, SlowRequest, SlowResponse, SumRequest, SumResponse,
            User, UserCreated, UserRenamed, ValuesOfNoneRequest, ValuesOfNoneResponse,
            ValuesOfThreeRequest, ValuesOfThreeResponse, ValuesThatFailRequest,
            ValuesThatFailResponse, ValuesUpToRequest, ValuesUpToResponse, interop_server,
        },
        uploads::{self as uploads, CollectRequest, CollectResponse, NotedRequest, uploads_server},
    },
    status::declared,
};
use crate::{
    uploading::{Notes, Taking},
    uploads::UploadError,
};

/// Starts it on a free port. What it hears is added to `heard`; it serves until
/// `stopped` changes, and then says whether it ended well.
pub(crate) fn start(
    heard: watch::Sender<Vec<Value>>,
    mut stopped: watch::Receiver<()>,
) -> Result<(u16, JoinHandle<Result<bool, BoxError>>), BoxError> {
    let incoming = TcpIncoming::bind(([127, 0, 0, 1], 0).into())?.with_nodelay(Some(true));
    let port = incoming.local_addr()?.port();
    let theirs = Theirs {
        heard,
        seen: Arc::default(),
        notes: Notes::default(),
    };
    let server = Server::builder()
        .add_service(interop_server::InteropServer::new(theirs.clone()))
        .add_service(uploads_server::UploadsServer::new(theirs));
    let running = tokio::spawn(async move {
        let stop = async {
            // Its sender is dropped, which is as good.
            let _ = stopped.changed().await;
        };
        server.serve_with_incoming_shutdown(incoming, stop).await?;
        Ok(true)
    });
    Ok((port, running))
}

#[derive(Clone)]
struct Theirs {
    heard: watch::Sender<Vec<Value>>,
    /// What `EventsSeen` answers.
    seen: Arc<Mutex<Vec<String>>>,
    notes: Notes,
}

type Reply<T> = Result<Response<T>, Status>;
type Replies<T> = Reply<BoxStream<'static, Result<T, Status>>>;

fn values<T: Send + 'static>(values: impl Iterator<Item = T> + Send + 'static) -> Replies<T> {
    Ok(Response::new(stream::iter(values).map(Ok).boxed()))
}

impl Theirs {
    fn hear<const N: usize>(&self, event: &str, data: [(&str, String); N]) -> Reply<()> {
        let values = data.iter().map(|(_, value)| value.as_str());
        let line: Vec<_> = iter::once(event).chain(values).collect();
        let line = line.join(" ");
        self.seen.lock().expect("no panic").push(line);
        let data: HashMap<_, _> = data.into();
        let heard = json!({ "event": event, "data": data });
        self.heard.send_modify(|lines| lines.push(heard));
        Ok(Response::new(()))
    }
}

#[tonic::async_trait]
impl interop_server::Interop for Theirs {
    async fn get_user(&self, request: Request<GetUserRequest>) -> Reply<User> {
        let id = request.into_inner().id;
        let (email, name) = match id.as_str() {
            "1" => ("ada@example.com", Some("Ada".to_owned())),
            "2" => ("grace@example.com", None),
            "3" => ("edsger@example.com", None),
            "boom" => return Err(Status::unknown("Internal server error")),
            "rpc" => return Err(Status::unknown("teapot")),
            _ => {
                let text = format!("User {id} not found");
                return Err(declared(
                    (Code::NotFound, "NOT_FOUND"),
                    text,
                    "interop.v1.UserError",
                    ("NotFound", &interop::user_error::NotFound { id }),
                ));
            }
        };
        let email = email.to_owned();
        Ok(Response::new(User { id, email, name }))
    }

    async fn sum(&self, request: Request<SumRequest>) -> Reply<SumResponse> {
        let numbers = request.into_inner().numbers.into_iter();
        let value = numbers.map(i64::from).sum();
        Ok(Response::new(SumResponse { value }))
    }

    async fn echo(&self, request: Request<EchoRequest>) -> Reply<EchoResponse> {
        let value = request.into_inner().text;
        Ok(Response::new(EchoResponse { value }))
    }

    async fn nothing(&self, _: Request<NothingRequest>) -> Reply<()> {
        Ok(Response::new(()))
    }

    async fn slow(&self, request: Request<SlowRequest>) -> Reply<SlowResponse> {
        let value = request.into_inner().ms;
        // What the contract asks of it: an answer after so long.
        tokio::time::sleep(Duration::from_millis(value.into())).await;
        Ok(Response::new(SlowResponse { value }))
    }

    async fn nested(&self, _: Request<NestedRequest>) -> Reply<NestedResponse> {
        let value = "nested".to_owned();
        Ok(Response::new(NestedResponse { value }))
    }

    async fn events_seen(&self, _: Request<EventsSeenRequest>) -> Reply<EventsSeenResponse> {
        let value = self.seen.lock().expect("no panic").clone();
        Ok(Response::new(EventsSeenResponse { value }))
    }

    async fn metadata_echo(
        &self,
        request: Request<MetadataEchoRequest>,
    ) -> Reply<MetadataEchoResponse> {
        let entries = request.metadata().iter();
        let value: HashMap<_, _> = entries.filter_map(text_of).collect();
        Ok(Response::new(MetadataEchoResponse { value }))
    }

    type ValuesOfThreeStream = BoxStream<'static, Result<ValuesOfThreeResponse, Status>>;

    async fn values_of_three(
        &self,
        _: Request<ValuesOfThreeRequest>,
    ) -> Replies<ValuesOfThreeResponse> {
        values((1..=3).map(|value| ValuesOfThreeResponse { value }))
    }

    type ValuesOfNoneStream = BoxStream<'static, Result<ValuesOfNoneResponse, Status>>;

    async fn values_of_none(
        &self,
        _: Request<ValuesOfNoneRequest>,
    ) -> Replies<ValuesOfNoneResponse> {
        values(iter::empty())
    }

    type ValuesThatFailStream = BoxStream<'static, Result<ValuesThatFailResponse, Status>>;

    async fn values_that_fail(
        &self,
        _: Request<ValuesThatFailRequest>,
    ) -> Replies<ValuesThatFailResponse> {
        let value = ValuesThatFailResponse { value: 1 };
        let broken_off = Status::already_exists("broken off");
        let values = stream::iter([Ok(value), Err(broken_off)]);
        Ok(Response::new(values.boxed()))
    }

    type ValuesUpToStream = BoxStream<'static, Result<ValuesUpToResponse, Status>>;

    async fn values_up_to(
        &self,
        request: Request<ValuesUpToRequest>,
    ) -> Replies<ValuesUpToResponse> {
        let numbers = 1..=request.into_inner().last;
        values(numbers.map(|value| ValuesUpToResponse { value }))
    }

    async fn log(&self, request: Request<LogRequest>) -> Reply<()> {
        self.hear("log", [("line", request.into_inner().line)])
    }

    async fn user_created(&self, request: Request<UserCreated>) -> Reply<()> {
        let UserCreated { user_id, email } = request.into_inner();
        self.hear("user_created", [("userId", user_id), ("email", email)])
    }

    async fn user_renamed(&self, request: Request<UserRenamed>) -> Reply<()> {
        self.hear("user_renamed", [("userId", request.into_inner().user_id)])
    }
}

/// What of metadata is a header of the caller's, without what gRPC and anywire put there.
fn text_of(entry: KeyAndValueRef<'_>) -> Option<(String, String)> {
    match entry {
        KeyAndValueRef::Ascii(key, value) => {
            let name = key.as_str();
            let is_own = !matches!(name, "content-type" | "te" | "user-agent")
                && !name.starts_with("grpc-")
                && !name.starts_with("anywire-");
            is_own.then_some((name.to_owned(), value.to_str().ok()?.to_owned()))
        }
        KeyAndValueRef::Binary(key, value) => {
            let text = String::from_utf8(value.to_bytes().ok()?.to_vec()).ok()?;
            Some((key.as_str().trim_end_matches("-bin").to_owned(), text))
        }
    }
}

/// What becomes of the next number of a stream.
async fn take<T: Message + Default + 'static>(
    numbers: &mut Streaming<T>,
    number: fn(T) -> u32,
    taking: &mut Taking,
) -> Result<Option<u32>, Status> {
    let next = numbers.message().await?.map(number);
    taking
        .take(next)
        .map_err(|UploadError::Aborted { number }| {
            declared(
                (Code::Aborted, "ABORTED"),
                format!("{number} breaks it off"),
                "interop.uploads.v1.UploadError",
                ("Aborted", &uploads::upload_error::Aborted { number }),
            )
        })
}

#[tonic::async_trait]
impl uploads_server::Uploads for Theirs {
    async fn collect(&self, request: Request<Streaming<CollectRequest>>) -> Reply<CollectResponse> {
        let (mut numbers, mut taking) = (request.into_inner(), self.notes.taking());
        let mut value = Vec::new();
        while let Some(number) = take(&mut numbers, |one| one.numbers, &mut taking).await? {
            value.push(number);
        }
        Ok(Response::new(CollectResponse { value }))
    }

    type EchoStream = BoxStream<'static, Result<uploads::EchoResponse, Status>>;

    async fn echo(
        &self,
        request: Request<Streaming<uploads::EchoRequest>>,
    ) -> Replies<uploads::EchoResponse> {
        let state = (request.into_inner(), self.notes.taking());
        let echoed = stream::try_unfold(state, async |(mut numbers, mut taking)| {
            let number = take(
                &mut numbers,
                |one: uploads::EchoRequest| one.numbers,
                &mut taking,
            );
            let number = number.await?;
            let reply = number.map(|value| uploads::EchoResponse { value });
            Ok(reply.map(|reply| (reply, (numbers, taking))))
        });
        Ok(Response::new(echoed.boxed()))
    }

    async fn noted(&self, request: Request<NotedRequest>) -> Reply<()> {
        self.notes.until(&request.into_inner().line).await;
        Ok(Response::new(()))
    }
}
