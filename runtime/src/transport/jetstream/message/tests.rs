use std::time::{Duration, Instant};

use bytes::Bytes;

use super::*;
use crate::{Delivery, Meta, OperationKind, Pending, Reply, transport::nest::calls::SharedCalls};

static CREATED: Meta = Meta {
    package: "users.v1",
    service: "Users",
    name: "user_created",
    kind: OperationKind::Event,
    pattern: r#""users.created""#,
    route: "users.created",
    delivery: Delivery::AtLeastOnce,
    ..Meta::BLANK
};

fn request() -> Request {
    Request::new(&CREATED, Bytes::from_static(br#"{"id":1}"#))
}

#[test]
fn an_event_is_nests_packet_without_an_id() {
    let inbox = Subject::from_static("_INBOX.x.1");
    let message = event(&request(), Some(("0000000000000001", inbox.clone()))).expect("a message");
    assert_eq!(message.subject.as_str(), "users.created");
    assert_eq!(message.reply, Some(inbox));
    assert_eq!(
        message.payload,
        r#"{"pattern":"users.created","data":{"id":1}}"#
    );
}

#[test]
fn an_event_has_an_id_of_its_own_or_the_callers() {
    let id = |request: &Request| {
        let headers = event(request, None).expect("a message").headers;
        let headers = headers.expect("headers");
        headers.get(NATS_MESSAGE_ID).expect("an id").to_string()
    };
    assert_ne!(id(&request()), id(&request()));
    let mut request = request();
    request.headers.set(MESSAGE_ID, "7");
    assert_eq!(id(&request), "7");
}

#[test]
fn a_handler_sees_the_id() {
    let arrived = |request: &Request| {
        let sent = event(request, None).expect("a message");
        headers(sent.headers.as_ref())
            .get(MESSAGE_ID)
            .map(str::to_owned)
    };
    assert_eq!(arrived(&request()).map(|id| id.len()), Some(32));
    let mut request = request();
    request.headers.set(MESSAGE_ID, "7");
    assert_eq!(arrived(&request).as_deref(), Some("7"));
}

async fn confirmed(answer: &'static str) -> Result<Reply, TransportError> {
    let calls = SharedCalls::new(1);
    let mut request = request();
    request.deadline = Some(Instant::now() + Duration::from_secs(10));
    let (id, pending) = calls.begin(&request).expect("there is room");
    let message = Message {
        subject: Subject::from_static("_INBOX.x.1"),
        reply: None,
        payload: Bytes::from_static(answer.as_bytes()),
        headers: None,
        status: None,
        description: None,
        length: 0,
    };
    read_confirmation(&calls, id, &message);
    assert!(matches!(pending, Pending::Call(_)));
    pending.await
}

#[tokio::test]
async fn confirmations() {
    for stored in [
        r#"{"stream":"EVENTS","seq":1}"#,
        r#"{"stream":"EVENTS","domain":"hub","seq":7,"duplicate":true}"#,
    ] {
        let reply = confirmed(stored).await;
        assert!(matches!(reply, Ok(Reply::Value(_))), "{reply:?}");
    }
    let full = r#"{"error":{"code":400,"err_code":10077,"description":"maximum messages exceeded"},"stream":"EVENTS","seq":0}"#;
    let Ok(Reply::Refused(error)) = confirmed(full).await else {
        panic!("it is not stored");
    };
    assert!(error.to_string().contains("maximum messages exceeded"));
    for nonsense in ["{}", "[]", "x", "\"seq\""] {
        let reply = confirmed(nonsense).await;
        assert!(
            matches!(reply, Ok(Reply::Refused(TransportError::Protocol(_)))),
            "{nonsense}: {reply:?}"
        );
    }
}
