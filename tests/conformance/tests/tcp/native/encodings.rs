//! Protobuf where both contracts have numbers, and JSON where one has none.

use anywire::{App, CallError, Context, Failure, NativeTcp};

use super::{ERROR, Number, Peer, REPLY, Rest, Text, frame, request};

#[anywire::contract(package = "numbered.v1", encodings(json, proto))]
mod numbered {
    pub struct User {
        #[n(1)]
        pub id: u32,
        #[n(2)]
        pub name: String,
    }

    pub enum UserError {
        #[error(not_found, "there is no user {id}")]
        Missing {
            #[n(1)]
            id: u32,
        } = 1,
    }

    #[service]
    pub trait Users {
        #[message("users.get")]
        fn get(#[n(1)] id: u32) -> Result<User, UserError>;
    }
}

use numbered::{GetRequest, User, UserError, Users, UsersClient, UsersServer};

struct Ada;

impl Users for Ada {
    async fn get(&self, _: &Context, request: GetRequest) -> Result<User, Failure<UserError>> {
        match request.id {
            7 => Ok(User::new(7_u32, "Ada")),
            id => Err(UserError::Missing { id }.into()),
        }
    }
}

#[tokio::test]
async fn a_contract_with_numbers_speaks_protobuf_and_is_answered_in_json_as_well() {
    let app = App::new().serve(UsersServer::new(Ada).on(NativeTcp::listen("127.0.0.1:0")));
    let running = app.start().await.expect("the app starts");
    let address = running.address("Users").expect("it has an address");
    let native = NativeTcp::connect(address.to_string());
    let client = UsersClient::new(native.await.expect("a client can connect"));
    assert_eq!(client.get(7).await.expect("a user").name, "Ada");
    match client.get(8).await {
        Err(CallError::Service(UserError::Missing { id })) => assert_eq!(id, 8),
        other => panic!("expected the declared error, found {other:?}"),
    }

    let mut peer = Peer::connect(address).await;
    let pattern = Text("\"users.get\"");
    for encoding in [1, 0] {
        peer.write(frame(1, &[Number(encoding), pattern])).await;
    }
    peer.write(request(1, "\x08\x07")).await;
    assert_eq!(
        peer.said().await,
        (REPLY, 1, "\x08\x07\x12\x03Ada".to_owned())
    );
    let json = [Number(2), Number(1), Rest(r#"{"id":7}"#)];
    peer.write(frame(2, &json)).await;
    assert_eq!(
        peer.said().await,
        (REPLY, 2, r#"{"id":7,"name":"Ada"}"#.to_owned())
    );
    peer.write(request(3, "no protobuf")).await;
    assert_eq!(peer.said().await.0, ERROR);
}
