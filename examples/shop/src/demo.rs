//! Drives the shop as its customers do, over HTTP, and looks at what comes back.

use std::{net::SocketAddr, time::Duration};

use anywire::BoxError;
use axum::{
    body::Body,
    http::{Method, Request, header},
};
use http_body_util::BodyExt as _;
use hyper_util::{
    client::legacy::{Client, connect::HttpConnector},
    rt::TokioExecutor,
};
use serde_json::{Value, json};
use tokio::time::{sleep, timeout};

/// How long the services may take to start, and an event to arrive.
const PATIENCE: Duration = Duration::from_secs(10);

/// Whether all was as it should be.
pub async fn run(gateway: SocketAddr) -> Result<bool, BoxError> {
    println!("The gateway is at http://{gateway}/\n");
    let mut demo = Demo {
        http: Client::builder(TokioExecutor::new()).build_http(),
        gateway,
        failed: 0,
    };

    let services = demo
        .until("/services", |services| {
            services
                .as_array()
                .is_some_and(|all| all.iter().all(|service| service["alive"] == true))
        })
        .await?;
    for service in services.as_array().into_iter().flatten() {
        let name = service["name"].as_str().unwrap_or_default();
        let transport = service["transport"].as_str().unwrap_or_default();
        match service["address"].as_str() {
            Some(address) => println!("   {name:<7} is there: {transport} {address}"),
            None => println!("   {name:<7} is there: in {transport}, without a broker"),
        }
    }
    println!();

    // The gateway may be one that has users already.
    let email = format!("ada-{}@example.com", anywire::Timestamp::now().as_millis());
    let unknown = 4_000_000_000_u32;

    let ada = json!({ "email": email, "name": "Ada" });
    let answer = demo.post("/users", &ada).await?;
    let user = answer.body["id"].clone();
    let is_right = answer.status == 201 && answer.body["email"] == email;
    demo.expect("a user is created", &answer, is_right);

    let answer = demo.get(&format!("/users/{user}")).await?;
    let is_right =
        answer.status == 200 && answer.body["id"] == user && answer.body["name"] == "Ada";
    demo.expect("the user is found", &answer, is_right);

    let answer = demo.get(&format!("/users/{unknown}")).await?;
    let is_right = answer.is_problem(404, "NOT_FOUND")
        && answer.body["type"] == "urn:contract:shop.users.v1.UserError:NOT_FOUND"
        && answer.body["details"]["id"] == unknown;
    demo.expect("an unknown user is a declared error", &answer, is_right);

    let answer = demo.post("/users", &ada).await?;
    let is_right =
        answer.is_problem(409, "EMAIL_TAKEN") && answer.body["details"]["email"] == email;
    demo.expect("an address cannot be taken twice", &answer, is_right);

    let nobody = json!({ "email": "not an address", "name": "" });
    let answer = demo.post("/users", &nobody).await?;
    let violations = &answer.body["details"]["violations"];
    let is_right = answer.is_problem(400, "INVALID_ARGUMENT")
        && violations[0]["pointer"] == "/email"
        && violations[1]["pointer"] == "/name";
    demo.expect(
        "invalid input is told with all violations",
        &answer,
        is_right,
    );

    let order = json!({ "userId": user, "item": "A wire", "quantity": 2 });
    let answer = demo.post("/orders", &order).await?;
    let is_right = answer.status == 201 && answer.body["status"] == "placed";
    demo.expect("orders asks users, and takes the order", &answer, is_right);

    let order = json!({ "userId": unknown, "item": "A wire" });
    let answer = demo.post("/orders", &order).await?;
    let is_right = answer.is_problem(404, "UNKNOWN_USER");
    demo.expect("who is unknown cannot order", &answer, is_right);

    let mails_to_ada = |mails: &Value| {
        let mails = mails.as_array().map_or(&[][..], Vec::as_slice);
        mails.iter().filter(|mail| mail["to"] == email).count()
    };
    demo.until("/emails", |mails| mails_to_ada(mails) > 0)
        .await?;
    let answer = demo.get("/emails").await?;
    let is_right = mails_to_ada(&answer.body) == 1;
    demo.expect("the event reached the email service", &answer, is_right);

    if demo.failed == 0 {
        println!("\nAll was as it should be.");
    } else {
        println!("\n{} answers were not as they should be.", demo.failed);
    }
    Ok(demo.failed == 0)
}

struct Demo {
    http: Client<HttpConnector, Body>,
    gateway: SocketAddr,
    failed: usize,
}

/// What the gateway answered, and to what.
struct Answer {
    request: String,
    status: u16,
    content_type: String,
    text: String,
    /// The text as JSON.
    body: Value,
}

impl Answer {
    fn is_problem(&self, status: u16, code: &str) -> bool {
        self.status == status
            && self.content_type == "application/problem+json"
            && self.body["status"] == status
            && self.body["code"] == code
    }
}

impl Demo {
    async fn get(&self, path: &str) -> Result<Answer, BoxError> {
        self.send(Method::GET, path, Body::empty()).await
    }

    async fn post(&self, path: &str, body: &Value) -> Result<Answer, BoxError> {
        self.send(Method::POST, path, body.to_string().into()).await
    }

    async fn send(&self, method: Method, path: &str, body: Body) -> Result<Answer, BoxError> {
        let described = format!("{method} {path}");
        let request = Request::builder()
            .method(method)
            .uri(format!("http://{}{path}", self.gateway))
            .header(header::CONTENT_TYPE, "application/json")
            .body(body)?;
        let (head, body) = self.http.request(request).await?.into_parts();
        let content_type = head.headers.get(header::CONTENT_TYPE);
        let text = String::from_utf8(body.collect().await?.to_bytes().into())?;
        Ok(Answer {
            request: described,
            status: head.status.as_u16(),
            content_type: content_type
                .map_or(Ok(""), |value| value.to_str())?
                .to_owned(),
            body: serde_json::from_str(&text)?,
            text,
        })
    }

    /// Asks again and again, until the answer is the one that is waited for.
    async fn until(
        &self,
        path: &str,
        is_there: impl Fn(&Value) -> bool,
    ) -> Result<Value, BoxError> {
        let waited = timeout(PATIENCE, async {
            loop {
                let answer = self.get(path).await?;
                if is_there(&answer.body) {
                    return Ok(answer.body);
                }
                // Nothing tells an HTTP client of a change: it asks again, up to a limit.
                sleep(Duration::from_millis(20)).await;
            }
        });
        match waited.await {
            Ok(body) => body,
            Err(_) => Err(format!("GET {path} did not become what it should be").into()),
        }
    }

    /// Prints an answer, and counts it if it is not as it should be.
    fn expect(&mut self, what: &str, answer: &Answer, is_right: bool) {
        self.failed += usize::from(!is_right);
        println!("{} {what}", if is_right { "ok" } else { "NO" });
        println!(
            "   {} -> {} {}",
            answer.request, answer.status, answer.content_type
        );
        println!("   {}", answer.text);
    }
}
