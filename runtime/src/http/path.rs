//! Path parameters of contract types.

use axum::{
    extract::{FromRequestParts, RawPathParams},
    http::request::Parts,
};

use super::Problem;
use crate::{
    DecodeError, Kind, Wire,
    check::Violation,
    json::{self, Writer},
};

/// The one parameter of a route's path, of any contract type that is a text,
/// a number or a `bool` in JSON: `Path<UserId>`.
///
/// A parameter that is not of the type is refused with 400 and a [`Problem`].
/// For several parameters there is axum's own `Path`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Path<T>(pub T);

impl<T: Wire, S: Send + Sync> FromRequestParts<S> for Path<T> {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Problem> {
        let params = RawPathParams::from_request_parts(parts, state)
            .await
            .map_err(|unread| Problem::new(Kind::Invalid, unread.body_text()))?;
        let mut params = params.iter();
        let (Some((name, text)), None) = (params.next(), params.next()) else {
            tracing::error!("`anywire::http::Path` is for routes with exactly one parameter");
            return Err(Problem::of_kind(Kind::Internal));
        };
        parse(text).map(Self).map_err(|error| {
            let detail = format!("`{name}` does not decode: {error}");
            let violation = Violation {
                pointer: format!("/{name}"),
                message: error.reason().to_owned(),
            };
            Problem::invalid(&detail, violation)
        })
    }
}

/// As the type reads it: a bare number or `bool`, else a text.
fn parse<T: Wire>(text: &str) -> Result<T, DecodeError> {
    let mut quoted = Writer::new();
    quoted.string(text);
    let as_text = json::decode(quoted.into_text().as_bytes());
    let is_bare = matches!(text, "true" | "false")
        || text
            .bytes()
            .all(|byte| byte.is_ascii_digit() || byte == b'-' || byte == b'.');
    if as_text.is_err() && is_bare {
        return json::decode(text.as_bytes());
    }
    as_text
}
