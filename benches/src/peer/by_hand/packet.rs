//! NestJS's packets of this one message, by serde.

use serde::{Deserialize, Serialize};

use super::User;
use crate::BoxError;

/// What the message is called here, as long as the name of anywire's, which
/// is served on the same broker.
pub(super) const CMD: &str = "ask_user";

/// The route of NestJS: a channel of Redis, a subject of NATS.
pub(super) const ROUTE: &str = r#"{"cmd":"ask_user"}"#;

#[derive(Debug, Serialize, Deserialize)]
struct Request<'a> {
    #[serde(borrow)]
    pattern: Pattern<'a>,
    data: GetUser,
    id: &'a str,
}

#[derive(Debug, Serialize, Deserialize)]
struct Pattern<'a> {
    cmd: &'a str,
}

/// The request's data.
#[derive(Debug, Serialize, Deserialize)]
pub(super) struct GetUser {
    pub(super) id: u32,
}

#[derive(Debug, Serialize, Deserialize)]
struct Reply<'a> {
    response: User,
    #[serde(rename = "isDisposed")]
    is_disposed: bool,
    #[serde(borrow, skip_serializing_if = "Option::is_none")]
    id: Option<&'a str>,
}

/// A call's number as text behind the name of its client, as long as anywire's.
pub(super) fn text(client: &str, call: u32) -> String {
    format!("{client}{call:016x}")
}

/// The number that a text stands for, if it is of this client.
pub(super) fn number(client: &str, text: &str) -> Result<Option<u32>, BoxError> {
    let number = text.strip_prefix(client);
    let number = number.map(|number| u32::from_str_radix(number, 16));
    Ok(number.transpose()?)
}

pub(super) fn request(call: &str, id: u32) -> Result<Vec<u8>, BoxError> {
    Ok(serde_json::to_vec(&Request {
        pattern: Pattern { cmd: CMD },
        data: GetUser { id },
        id: call,
    })?)
}

/// The reply to a request, with its id where the wire has no other place for it.
pub(super) fn answer(request: &[u8], has_id: bool) -> Result<Vec<u8>, BoxError> {
    let request: Request<'_> = serde_json::from_slice(request)?;
    Ok(serde_json::to_vec(&Reply {
        response: User::find(request.data.id),
        is_disposed: true,
        id: has_id.then_some(request.id),
    })?)
}

/// The user in a reply, and the id of the call if it has one.
pub(super) fn read(reply: &[u8]) -> Result<(User, Option<&str>), BoxError> {
    let reply: Reply<'_> = serde_json::from_slice(reply)?;
    Ok((reply.response, reply.id))
}
