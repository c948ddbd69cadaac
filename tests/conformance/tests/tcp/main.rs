//! What only TCP does: connections that break, peers that misbehave, limits.

mod connection;
mod limits;
mod malformed;
mod native;
mod peer;
mod replies;
mod service;
mod streams;
mod tls;
