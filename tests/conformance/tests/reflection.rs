//! What servers of gRPC tell of themselves, asked by a client without a .proto.

use std::{collections::BTreeSet, net::SocketAddr, time::Duration};

use anywire::{App, Context, Failure, Grpc, On, OrInternal as _, Running};
use anywire_conformance::{Handlers, conformance::ChecksServer};
use futures_util::stream::{self, StreamExt as _};
use prost::Message as _;
use prost_types::FileDescriptorProto;
use tonic::{Code, Status, transport::Channel};
use tonic_reflection::pb::{
    v1::{
        ServerReflectionRequest, server_reflection_client::ServerReflectionClient,
        server_reflection_request::MessageRequest, server_reflection_response::MessageResponse,
    },
    v1alpha,
};

/// Two contracts that know nothing of each other: their files have one name.
mod accounts {
    #[anywire::contract(package = "accounts.v1", encodings(json, proto))]
    pub(crate) mod users {
        #[service]
        pub trait Users {
            /// When somebody came.
            #[message("accounts.since")]
            fn since(#[n(1)] id: u32) -> Timestamp;
        }
    }
}

mod mail {
    #[anywire::contract(package = "mail.v1", encodings(json, proto))]
    pub(crate) mod users {
        #[service]
        pub trait Mail {
            #[event("mail.received")]
            fn received(#[n(1)] text: String);
        }

        /// Nobody serves it.
        #[service]
        pub trait Drafts {
            #[message("mail.drafts")]
            fn drafts() -> u32;
        }
    }
}

struct Nobody;

impl accounts::users::Users for Nobody {
    async fn since(
        &self,
        _: &Context,
        _: accounts::users::SinceRequest,
    ) -> Result<anywire::Timestamp, Failure> {
        Err("nobody calls it").internal()?
    }
}

impl On<mail::users::Received> for Nobody {
    async fn on(&self, _: &Context, _: mail::users::Received) -> Result<(), Failure> {
        Ok(())
    }
}

async fn soon<T>(what: &str, future: impl Future<Output = T>) -> T {
    let patience = Duration::from_secs(20);
    tokio::time::timeout(patience, future)
        .await
        .unwrap_or_else(|_| panic!("{what}: not within {patience:?}"))
}

async fn client(address: SocketAddr) -> ServerReflectionClient<Channel> {
    let endpoint = Channel::from_shared(format!("http://{address}")).expect("a URL");
    ServerReflectionClient::new(endpoint.connect().await.expect("a channel"))
}

fn asked(what: MessageRequest) -> ServerReflectionRequest {
    ServerReflectionRequest {
        host: String::new(),
        message_request: Some(what),
    }
}

async fn ask(address: SocketAddr, what: MessageRequest) -> Result<MessageResponse, Status> {
    let mut client = client(address).await;
    let answers = client.server_reflection_info(stream::iter([asked(what)]));
    let mut answers = soon("a stream", answers).await?.into_inner();
    let answer = soon("an answer", answers.message()).await?;
    Ok(answer
        .and_then(|answer| answer.message_response)
        .expect("an answer"))
}

async fn services(address: SocketAddr) -> BTreeSet<String> {
    let answer = ask(address, MessageRequest::ListServices(String::new())).await;
    let Ok(MessageResponse::ListServicesResponse(list)) = answer else {
        panic!("no list: {answer:?}");
    };
    let count = list.service.len();
    let names: BTreeSet<_> = list
        .service
        .into_iter()
        .map(|service| service.name)
        .collect();
    assert_eq!(names.len(), count, "none is there twice");
    names
}

async fn file(address: SocketAddr, what: MessageRequest) -> FileDescriptorProto {
    let answer = ask(address, what).await;
    let Ok(MessageResponse::FileDescriptorResponse(found)) = answer else {
        panic!("no file: {answer:?}");
    };
    FileDescriptorProto::decode(&*found.file_descriptor_proto[0]).expect("a file")
}

fn symbol(name: &str) -> MessageRequest {
    MessageRequest::FileContainingSymbol(name.to_owned())
}

/// Serves three contracts on one port.
async fn serve() -> (Running, SocketAddr) {
    let listener = Grpc::listen("127.0.0.1:0");
    let app = App::new()
        .serve(ChecksServer::new(Handlers::default()).on(listener.clone()))
        .serve(accounts::users::UsersServer::new(Nobody).on(listener.clone()))
        .subscribe(mail::users::ReceivedSubscriber::new(Nobody).on(listener));
    let running = app.start().await.expect("the app starts");
    let address = running.address("Checks").expect("it has an address");
    (running, address)
}

#[tokio::test]
async fn all_services_of_a_port_are_listed_and_no_others() {
    let (_running, address) = serve().await;
    let expected = [
        "accounts.v1.Users",
        "conformance.v1.Checks",
        "grpc.health.v1.Health",
        "grpc.reflection.v1.ServerReflection",
        "mail.v1.Mail",
    ];
    assert_eq!(services(address).await, expected.map(str::to_owned).into());
}

#[tokio::test]
async fn every_listed_service_is_described_with_all_that_it_imports() {
    let (_running, address) = serve().await;
    let mut paths = BTreeSet::new();
    for name in services(address).await {
        let found = file(address, symbol(&name)).await;
        let services = found.service.iter();
        let mut names = services.map(|one| format!("{}.{}", found.package(), one.name()));
        assert!(names.any(|one| one == name), "{name}");
        assert_eq!(found.source_code_info, None, "comments do not travel");
        assert!(paths.insert(found.name().to_owned()), "a file of its own");
        let mut imports = found.dependency;
        while let Some(path) = imports.pop() {
            let found = file(address, MessageRequest::FileByFilename(path.clone())).await;
            assert_eq!(found.name(), path);
            imports.extend(found.dependency);
        }
    }
    assert!(
        paths.contains("users.proto") && paths.contains("mail.v1/users.proto"),
        "{paths:?}"
    );

    let found = file(address, symbol("accounts.v1.Users.Since")).await;
    let method = &found.service[0].method[0];
    assert_eq!(
        (method.name(), method.input_type()),
        ("Since", ".accounts.v1.SinceRequest")
    );
    assert_eq!(found.dependency, ["google/protobuf/timestamp.proto"]);
}

#[tokio::test]
async fn what_is_not_served_is_not_found() {
    let (_running, address) = serve().await;
    for what in [
        symbol("accounts.v1.Nobody"),
        MessageRequest::FileByFilename("nobody.proto".to_owned()),
    ] {
        let status = ask(address, what).await.expect_err("there is none");
        assert_eq!(status.code(), Code::NotFound);
    }
}

#[tokio::test]
async fn older_tools_are_answered_too() {
    let (_running, address) = serve().await;
    let endpoint = Channel::from_shared(format!("http://{address}")).expect("a URL");
    let channel = endpoint.connect().await.expect("a channel");
    let list = v1alpha::server_reflection_request::MessageRequest::ListServices(String::new());
    let request = v1alpha::ServerReflectionRequest {
        host: String::new(),
        message_request: Some(list),
    };
    let mut client = v1alpha::server_reflection_client::ServerReflectionClient::new(channel);
    let answers = client.server_reflection_info(stream::iter([request])).await;
    let mut answers = answers.expect("a stream").into_inner();
    let answer = soon("an answer", answers.message())
        .await
        .expect("an answer");
    let answer = answer.and_then(|answer| answer.message_response);
    let Some(v1alpha::server_reflection_response::MessageResponse::ListServicesResponse(list)) =
        answer
    else {
        panic!("no list: {answer:?}");
    };
    let mut names = list.service.iter().map(|service| &*service.name);
    assert!(names.any(|name| name == "conformance.v1.Checks"));
}

#[tokio::test]
async fn what_is_bound_later_is_listed_too() {
    let listener = Grpc::listen("127.0.0.1:0");
    let checks = ChecksServer::new(Handlers::default()).on(listener.clone());
    let running = App::new().serve(checks).start().await.expect("it starts");
    let address = running.address("Checks").expect("it has an address");
    assert!(!services(address).await.contains("accounts.v1.Users"));
    let users = accounts::users::UsersServer::new(Nobody).on(listener);
    let _later = App::new().serve(users).start().await.expect("it starts");
    assert!(services(address).await.contains("accounts.v1.Users"));
}

#[tokio::test]
async fn a_stop_does_not_wait_for_tools_that_stay() {
    let (running, address) = serve().await;
    let question = asked(MessageRequest::ListServices(String::new()));
    let open = stream::iter([question]).chain(stream::pending());
    let mut client = client(address).await;
    let answers = client.server_reflection_info(open).await;
    let mut answers = answers.expect("a stream").into_inner();
    let answer = soon("an answer", answers.message()).await;
    assert!(answer.expect("an answer").is_some());
    let stopping = tokio::spawn(running.stop());
    assert!(matches!(soon("the end", answers.message()).await, Ok(None)));
    soon("the stop", stopping)
        .await
        .expect("no panic")
        .expect("it stops");
}

#[tokio::test]
async fn a_server_can_keep_it_to_itself() {
    let listener = Grpc::listen("127.0.0.1:0").reflection(false);
    let checks = ChecksServer::new(Handlers::default()).on(listener);
    let running = App::new().serve(checks).start().await.expect("it starts");
    let address = running.address("Checks").expect("it has an address");
    let status = ask(address, symbol("conformance.v1.Checks")).await;
    assert_eq!(
        status.expect_err("nobody answers").code(),
        Code::Unimplemented
    );
}
