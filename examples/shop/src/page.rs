//! The page at `/`: which services there are, and what happens in them.

use std::{convert::Infallible, sync::Arc};

use anywire::{AnyTransport, Listen as _, Stop, TransportError};
use axum::{
    Router,
    extract::State,
    http::header,
    response::{
        Html, IntoResponse, Sse,
        sse::{Event, KeepAlive},
    },
    routing::get,
};
use futures_util::StreamExt as _;
use serde_json::{Value, json};

use crate::{activity::Activity, gateway::Clients};

/// How the gateway reaches a service.
#[derive(Debug, Clone)]
pub struct Link {
    pub transport: AnyTransport,
    name: &'static str,
    address: Option<String>,
}

impl Link {
    /// Over the transport that the URL names. A service may come later, a broker must be there.
    pub async fn to(url: &str) -> Result<Self, TransportError> {
        let connect = AnyTransport::connect(url).lazy();
        Ok(Self {
            name: connect.transport(),
            address: address(url),
            transport: connect.await?,
        })
    }
}

/// What a URL says of where, without the login in it. Memory is nowhere else.
fn address(url: &str) -> Option<String> {
    let (_, rest) = url.split_once("://")?;
    let address = rest.rsplit_once('@').map_or(rest, |(_, address)| address);
    Some(address.trim_end_matches('/').to_owned())
}

/// What the page shows.
#[derive(Debug, Clone)]
pub struct Page {
    pub clients: Clients,
    /// To users, orders and email.
    pub links: Arc<[Link; 3]>,
    pub activity: Activity,
    pub stopping: Stop,
}

/// The routes of the page.
pub fn router(page: Page) -> Router {
    Router::new()
        .route("/", get(html))
        .route("/services", get(services))
        .route("/activity", get(activity))
        .with_state(page)
}

async fn html() -> impl IntoResponse {
    // Everything is in the one file, and nothing else is to be loaded.
    let policy = "default-src 'none'; script-src 'unsafe-inline'; style-src 'unsafe-inline'; \
                  img-src data:; connect-src 'self'";
    (
        [(header::CONTENT_SECURITY_POLICY, policy)],
        Html(include_str!("page.html")),
    )
}

/// Who is there: each service is asked.
async fn services(State(page): State<Page>) -> axum::Json<Value> {
    let Clients {
        users,
        orders,
        email,
    } = &page.clients;
    let (users, orders, email) = tokio::join!(users.ping(), orders.ping(), email.ping());
    let services = [
        ("Users", users.is_ok()),
        ("Orders", orders.is_ok()),
        ("Email", email.is_ok()),
    ];
    let described = services
        .iter()
        .zip(&*page.links)
        .map(|((name, alive), link)| {
            json!({
                "name": name,
                "transport": shown(link.name),
                "address": link.address,
                "alive": alive,
            })
        });
    axum::Json(described.collect())
}

/// A transport as people write it.
fn shown(transport: &str) -> &str {
    match transport {
        "Tcp" => "TCP",
        "Grpc" => "gRPC",
        "Nats" => "NATS",
        "Memory" => "memory",
        other => other,
    }
}

/// What happens, as server-sent events.
async fn activity(State(page): State<Page>) -> impl IntoResponse {
    let notes = page.activity.follow(page.stopping);
    let events = notes.map(|note| Ok::<_, Infallible>(Event::default().data(note.to_string())));
    Sse::new(events).keep_alive(KeepAlive::default())
}
