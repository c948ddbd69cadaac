//! The page at `/`: which services there are, and what happens in them.

use std::{convert::Infallible, sync::Arc};

use anywire::{AnyTransport, Memory, Stop, Tcp};
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
    /// Over TCP. The connection is made in the background, again and again until it stands.
    pub fn tcp(address: impl ToString) -> Self {
        let address = address.to_string();
        Self {
            transport: AnyTransport::new(Tcp::connect(address.clone()).lazy()),
            name: "TCP",
            address: Some(address),
        }
    }

    /// In the same process.
    pub fn memory(memory: &Memory) -> Self {
        Self {
            transport: AnyTransport::new(memory.clone()),
            name: "memory",
            address: None,
        }
    }
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
                "transport": link.name,
                "address": link.address,
                "alive": alive,
            })
        });
    axum::Json(described.collect())
}

/// What happens, as server-sent events.
async fn activity(State(page): State<Page>) -> impl IntoResponse {
    let notes = page.activity.follow(page.stopping);
    let events = notes.map(|note| Ok::<_, Infallible>(Event::default().data(note.to_string())));
    Sse::new(events).keep_alive(KeepAlive::default())
}
