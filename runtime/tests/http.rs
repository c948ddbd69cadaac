//! `anywire::http` in a real axum router.
#![cfg(feature = "http")]

use std::fmt;

use anywire::{
    App, CallError, CodecError, ContractError, DecodeError, Kind, RpcException, TransportError,
    http::{Json, Path, Problem},
    json::{Reader, Writer},
};
use axum::{
    Router,
    body::{Body, to_bytes},
    extract::DefaultBodyLimit,
    http::{Request, StatusCode, header},
    response::{IntoResponse, Response},
    routing::{get, post},
};
use serde_json::{Value, json};
use tower::ServiceExt as _;

#[derive(Debug)]
enum UserError {
    NotFound { id: u32 },
    DirectoryDown,
}

impl fmt::Display for UserError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::NotFound { id } => write!(f, "user {id} not found"),
            Self::DirectoryDown => f.write_str("directory is down"),
        }
    }
}

impl std::error::Error for UserError {}

impl ContractError for UserError {
    const TYPE: &'static str = "acme.users.v1.UserError";

    fn code(&self) -> &'static str {
        match self {
            Self::NotFound { .. } => "NOT_FOUND",
            Self::DirectoryDown => "DIRECTORY_DOWN",
        }
    }

    fn kind(&self) -> Kind {
        match self {
            Self::NotFound { .. } => Kind::NotFound,
            Self::DirectoryDown => Kind::Unavailable,
        }
    }

    fn encode_details(&self, to: &mut Writer) {
        to.begin_object();
        if let Self::NotFound { id } = self {
            to.field("id", id);
        }
        to.end_object();
    }

    fn decode_details(_: &str, _: &mut Reader<'_>) -> Result<Option<Self>, DecodeError> {
        Ok(None)
    }
}

/// The status, content type and JSON of a response.
async fn read(response: Response) -> (StatusCode, String, Value) {
    let status = response.status();
    let content_type = response.headers()[header::CONTENT_TYPE]
        .to_str()
        .expect("a content type is text")
        .to_owned();
    let body = to_bytes(response.into_body(), 1 << 20)
        .await
        .expect("a body in memory");
    let body = serde_json::from_slice(&body).expect("the body is JSON");
    (status, content_type, body)
}

async fn problem(error: CallError<UserError>) -> Value {
    let (status, content_type, body) = read(Problem::from(error).into_response()).await;
    assert_eq!(content_type, "application/problem+json");
    assert_eq!(body["status"], status.as_u16());
    body
}

#[tokio::test]
async fn a_declared_error_is_told_with_its_fields() {
    assert_eq!(
        problem(CallError::Service(UserError::NotFound { id: 7 })).await,
        json!({
            "type": "urn:contract:acme.users.v1.UserError:NOT_FOUND",
            "title": "Not found",
            "status": 404,
            "detail": "user 7 not found",
            "code": "NOT_FOUND",
            "details": { "id": 7 },
        })
    );
}

#[tokio::test]
async fn a_declared_error_without_fields_has_no_details() {
    assert_eq!(
        problem(CallError::Service(UserError::DirectoryDown)).await,
        json!({
            "type": "urn:contract:acme.users.v1.UserError:DIRECTORY_DOWN",
            "title": "Directory down",
            "status": 503,
            "detail": "directory is down",
            "code": "DIRECTORY_DOWN",
        })
    );
}

#[tokio::test]
async fn invalid_input_is_told_with_its_violations() {
    let details = json!({ "violations": [{ "pointer": "/email", "message": "is wrong" }] });
    let invalid = json!({
        "status": 400,
        "message": "invalid input",
        "code": "INVALID_ARGUMENT",
        "details": details,
    });
    let remote = CallError::Remote(RpcException::from_value(&invalid));
    assert_eq!(
        problem(remote).await,
        json!({
            "type": "about:blank",
            "title": "Bad Request",
            "status": 400,
            "detail": "invalid input",
            "code": "INVALID_ARGUMENT",
            "details": details,
        })
    );
}

#[tokio::test]
async fn internals_are_not_told() {
    let secret = "db-7.internal";
    let internals = [
        (CallError::Remote(RpcException::new(secret)), 500),
        (
            CallError::Remote(RpcException::new(secret).with_status(503)),
            503,
        ),
        // What is no error status on HTTP becomes one.
        (
            CallError::Remote(RpcException::new(secret).with_status(200)),
            500,
        ),
        (
            CallError::Remote(RpcException::new(secret).with_status(1000)),
            500,
        ),
        (
            CallError::Transport(TransportError::Unreachable {
                address: secret.to_owned(),
                reason: secret.to_owned(),
            }),
            503,
        ),
        (
            CallError::Transport(TransportError::Protocol(secret.to_owned())),
            500,
        ),
        (CallError::Transport(TransportError::NoHandler), 501),
        (
            CallError::Codec(CodecError::Decode(DecodeError::new(secret))),
            500,
        ),
        (CallError::Timeout, 504),
    ];
    for (error, status) in internals {
        let description = format!("{error:?}");
        let body = problem(error).await;
        assert_eq!(body["status"], status, "{description}");
        assert_eq!(body["type"], "about:blank", "{description}");
        assert!(!body.to_string().contains(secret), "{description}: {body}");
        assert!(body.get("detail").is_none(), "{description}: {body}");
    }
}

fn router() -> Router {
    async fn sum(Json(numbers): Json<Vec<i32>>) -> Json<i32> {
        Json(numbers.into_iter().sum())
    }
    async fn not_a_number() -> Json<f64> {
        Json(f64::NAN)
    }
    async fn integer(Path(id): Path<u32>) -> Json<u32> {
        Json(id)
    }
    async fn text(Path(name): Path<String>) -> Json<String> {
        Json(name)
    }
    async fn uuid(Path(id): Path<anywire::Uuid>) -> Json<anywire::Uuid> {
        Json(id)
    }
    Router::new()
        .route("/sum", post(sum).layer(DefaultBodyLimit::max(32)))
        .route("/not-a-number", get(not_a_number))
        .route("/integers/{id}", get(integer))
        .route("/texts/{name}", get(text))
        .route("/uuids/{id}", get(uuid))
        .route("/two/{a}/{b}", get(integer))
}

async fn send(request: Request<Body>) -> (StatusCode, String, Value) {
    read(
        router()
            .oneshot(request)
            .await
            .expect("a router is infallible"),
    )
    .await
}

async fn post_sum(content_type: &str, body: &'static str) -> (StatusCode, String, Value) {
    let request = Request::post("/sum").header(header::CONTENT_TYPE, content_type);
    send(request.body(body.into()).expect("a valid request")).await
}

async fn get_path(path: &str) -> (StatusCode, String, Value) {
    let request = Request::get(path);
    send(request.body(Body::empty()).expect("a valid request")).await
}

#[tokio::test]
async fn a_body_goes_in_and_out() {
    for content_type in [
        "application/json",
        "Application/JSON; charset=utf-8",
        "application/merge-patch+json",
    ] {
        let (status, answered, body) = post_sum(content_type, "[1, 2]").await;
        assert_eq!(status, 200, "{content_type}");
        assert_eq!(answered, "application/json");
        assert_eq!(body, 3);
    }
}

#[tokio::test]
async fn a_wrong_body_is_refused_with_its_place() {
    let (status, content_type, body) = post_sum("application/json", r#"[1, "2"]"#).await;
    assert_eq!(status, 400);
    assert_eq!(content_type, "application/problem+json");
    assert_eq!(body["code"], "INVALID_ARGUMENT");
    assert_eq!(body["details"]["violations"][0]["pointer"], "/1");
}

#[tokio::test]
async fn what_is_not_json_is_refused() {
    for body in ["", "[1", "[1] 2", "\u{feff}[1]"] {
        let (status, content_type, problem) = post_sum("application/json", body).await;
        assert_eq!(status, 400, "{body:?}");
        assert_eq!(content_type, "application/problem+json");
        assert_eq!(problem["code"], "INVALID_ARGUMENT");
    }
}

#[tokio::test]
async fn a_body_of_another_type_is_refused() {
    for content_type in [
        "text/plain",
        "application/x-www-form-urlencoded",
        "image/svg+json",
        "",
    ] {
        let (status, answered, _) = post_sum(content_type, "[1]").await;
        assert_eq!(status, 415, "{content_type}");
        assert_eq!(answered, "application/problem+json");
    }
}

#[tokio::test]
async fn a_body_beyond_the_limit_is_refused() {
    let large = "[1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1]";
    let (status, content_type, _) = post_sum("application/json", large).await;
    assert_eq!(status, 413);
    assert_eq!(content_type, "application/problem+json");
}

#[tokio::test]
async fn an_answer_that_json_cannot_hold_is_our_fault() {
    let (status, content_type, body) = get_path("/not-a-number").await;
    assert_eq!(status, 500);
    assert_eq!(content_type, "application/problem+json");
    assert_eq!(body["code"], "INTERNAL");
}

#[tokio::test]
async fn a_path_parameter_is_read_as_its_type() {
    assert_eq!(get_path("/integers/7").await.2, 7);
    assert_eq!(get_path("/texts/7").await.2, "7");
    assert_eq!(get_path("/texts/true").await.2, "true");
    assert_eq!(get_path("/texts/a%22b").await.2, "a\"b");
    let id = "67e55044-10b1-426f-9247-bb680e5fe0c8";
    assert_eq!(get_path(&format!("/uuids/{id}")).await.2, id);
}

#[tokio::test]
async fn a_path_parameter_of_another_type_is_refused() {
    for path in [
        "/integers/x",
        "/integers/-1",
        "/integers/4294967296",
        "/integers/1-1",
        "/uuids/7",
        "/integers/%7B%7D",
    ] {
        let (status, content_type, body) = get_path(path).await;
        assert_eq!(status, 400, "{path}");
        assert_eq!(content_type, "application/problem+json");
        assert_eq!(body["details"]["violations"][0]["pointer"], "/id", "{path}");
    }
}

#[tokio::test]
async fn a_route_with_two_parameters_is_a_mistake_of_the_gateway() {
    assert_eq!(get_path("/two/1/2").await.0, 500);
}

#[tokio::test]
async fn an_endless_response_learns_that_the_app_stops() {
    let (arrived, arrival) = tokio::sync::oneshot::channel();
    let arrived = std::sync::Arc::new(std::sync::Mutex::new(Some(arrived)));
    let app = App::new();
    let stopping = app.stopping();
    let handler = move || async move {
        let sender = arrived.lock().expect("nobody panics").take();
        sender
            .expect("one request")
            .send(())
            .expect("the test waits");
        stopping.clone().requested().await;
        "the end"
    };
    let router = Router::new().route("/", get(handler));
    let running = app
        .http("127.0.0.1:0", router)
        .start()
        .await
        .expect("a free port");
    let address = running.address("HTTP").expect("HTTP has an address");

    let response = tokio::task::spawn_blocking(move || {
        use std::io::{Read as _, Write as _};
        let mut stream = std::net::TcpStream::connect(address)?;
        stream.write_all(b"GET / HTTP/1.1\r\nhost: test\r\nconnection: close\r\n\r\n")?;
        let mut response = String::new();
        stream.read_to_string(&mut response)?;
        std::io::Result::Ok(response)
    });
    arrival.await.expect("the request arrives");
    running.stop().await.expect("nothing is left");
    let response = response.await.expect("no panic").expect("a response");
    assert!(response.ends_with("the end"), "{response}");
}
