//! Between requests and messages of NATS.

use async_nats::{HeaderMap, HeaderName, HeaderValue, Subject, client::PublishErrorKind};

use crate::{Headers, Meta, Request, TransportError};

/// The subject of a request.
pub(super) fn subject(request: &Request) -> Result<Subject, TransportError> {
    match &request.route {
        Some(route) => Ok(Subject::from(route.as_str())),
        None => checked(request.meta.route).map(Subject::from_static),
    }
}

/// A route that can be a subject.
fn checked(route: &'static str) -> Result<&'static str, TransportError> {
    if route.contains(|c: char| c.is_ascii_whitespace()) {
        return Err(TransportError::NotCarried(format!(
            "the pattern {route:?} is no subject of NATS, since it has a space in it"
        )));
    }
    Ok(route)
}

/// The subject to subscribe to.
pub(super) fn subscription(meta: &Meta) -> Result<String, TransportError> {
    if !meta.has_wildcards() {
        return checked(meta.route).map(str::to_owned);
    }
    let parts: Vec<&str> = meta
        .route
        .split('.')
        .map(|part| if part.starts_with('{') { "*" } else { part })
        .collect();
    Ok(parts.join("."))
}

/// Headers as NATS has them.
pub(super) fn to_nats(headers: &Headers) -> Result<HeaderMap, TransportError> {
    let mut map = HeaderMap::new();
    for (name, value) in headers.iter() {
        let refused = || {
            TransportError::NotCarried(format!(
                "NATS has no place for the header {name:?}: its value has a line break, or its name is not plain"
            ))
        };
        let name: HeaderName = name.parse().map_err(|_| refused())?;
        let value: HeaderValue = value.parse().map_err(|_| refused())?;
        map.insert(name, value);
    }
    Ok(map)
}

/// Headers as a handler sees them. Of several values of one name the last counts.
pub(super) fn from_nats(map: Option<&HeaderMap>) -> Headers {
    let mut headers = Headers::new();
    let all = map.into_iter().flat_map(HeaderMap::iter);
    for (name, values) in all.take(Headers::MAX) {
        if let Some(value) = values.last() {
            headers.set(name.to_string(), value.as_str());
        }
    }
    headers
}

/// Why something was not published.
pub(super) fn refusal(
    error: &async_nats::PublishError,
    size: usize,
    limit: usize,
) -> TransportError {
    match error.kind() {
        PublishErrorKind::MaxPayloadExceeded => TransportError::TooLarge {
            size,
            limit,
            unit: "bytes",
        },
        PublishErrorKind::InvalidSubject => TransportError::NotCarried(error.to_string()),
        PublishErrorKind::Send => TransportError::Closed,
    }
}
