//! Errors as HTTP answers them: `application/problem+json` (RFC 9457).

use axum::{
    http::{StatusCode, header},
    response::{IntoResponse, Response},
};

use crate::{
    CallError, ContractError, Kind, RpcException,
    check::Violation,
    json::{self, Writer},
};

/// An error as HTTP answers it: `application/problem+json`, RFC 9457.
///
/// Made by `?` from the [`CallError`] of any client:
///
/// | the call failed with | status | `type` | `detail`, `details` |
/// |---|---|---|---|
/// | a declared error | that of its kind | `urn:contract:<enum>:<code>` | its message and fields |
/// | an undeclared error with a status from 400 to 499, invalid input among them | the same | `about:blank` | its message and `details` |
/// | no answer in time | 504 | `about:blank` | none |
/// | anything else | that of its kind | `about:blank` | none |
///
/// The last two rows are logged here: what went wrong behind the gateway is
/// nobody else's business.
///
/// ```
/// use anywire::{CallError, TransportError, http::Problem};
///
/// let error: CallError = CallError::Transport(TransportError::Unreachable {
///     address: "10.0.0.7:3001".to_owned(),
///     reason: "connection refused".to_owned(),
/// });
/// assert_eq!(
///     Problem::from(error).to_json(),
///     r#"{"type":"about:blank","title":"Service Unavailable","status":503,"code":"UNAVAILABLE"}"#,
/// );
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Problem {
    status: StatusCode,
    code: String,
    /// The type and title of a declared error.
    declared: Option<(String, String)>,
    detail: Option<String>,
    /// JSON.
    details: Option<String>,
}

impl Problem {
    /// A problem of the gateway's own. `detail` is shown to the caller.
    ///
    /// ```
    /// use anywire::{Kind, http::Problem};
    ///
    /// let problem = Problem::new(Kind::Unauthenticated, "the token has expired");
    /// assert_eq!(problem.status(), 401);
    /// assert_eq!(problem.code(), "UNAUTHENTICATED");
    /// ```
    #[must_use]
    pub fn new(kind: Kind, detail: impl Into<String>) -> Self {
        Self {
            detail: Some(detail.into()),
            ..Self::of_kind(kind)
        }
    }

    /// The HTTP status.
    #[must_use]
    pub fn status(&self) -> StatusCode {
        self.status
    }

    /// The code, for programs: `NOT_FOUND`.
    #[must_use]
    pub fn code(&self) -> &str {
        &self.code
    }

    /// What happened this time, for people.
    #[must_use]
    pub fn detail(&self) -> Option<&str> {
        self.detail.as_deref()
    }

    /// The body of the response.
    #[must_use]
    pub fn to_json(&self) -> String {
        let (ty, title) = match &self.declared {
            Some((ty, title)) => (ty.as_str(), title.as_str()),
            None => (
                "about:blank",
                self.status.canonical_reason().unwrap_or("Error"),
            ),
        };
        let mut to = Writer::new();
        to.begin_object();
        to.tag("type", ty);
        to.tag("title", title);
        to.field("status", &self.status.as_u16());
        if let Some(detail) = &self.detail {
            to.tag("detail", detail);
        }
        to.tag("code", &self.code);
        if let Some(details) = &self.details {
            to.raw_field("details", details.as_bytes());
        }
        to.end_object();
        to.into_text()
    }

    /// A request that does not decode, in the shape that a server gives to invalid input.
    pub(super) fn invalid(detail: &str, violation: Violation) -> Self {
        Self::of_exception(&RpcException::invalid(detail, &[violation]))
    }

    /// The same problem with another status, for what HTTP tells apart and [`Kind`] does not.
    pub(super) fn with_status(self, status: StatusCode) -> Self {
        Self { status, ..self }
    }

    /// A problem of which only the kind is told.
    pub(super) fn of_kind(kind: Kind) -> Self {
        Self {
            status: StatusCode::from_u16(kind.status())
                .unwrap_or(StatusCode::INTERNAL_SERVER_ERROR),
            code: kind.code().to_owned(),
            declared: None,
            detail: None,
            details: None,
        }
    }

    fn of_declared<E: ContractError>(error: &E) -> Self {
        let code = error.code();
        let mut details = Writer::new();
        error.encode_details(&mut details);
        Self {
            code: code.to_owned(),
            declared: Some((format!("urn:contract:{}:{code}", E::TYPE), title(code))),
            detail: Some(error.to_string()),
            details: present(details.into_text()),
            ..Self::of_kind(error.kind())
        }
    }

    fn of_exception(exception: &RpcException) -> Self {
        let kind = exception.kind();
        let status = exception
            .status()
            .and_then(|status| StatusCode::from_u16(status).ok())
            .filter(|status| status.is_client_error() || status.is_server_error())
            .unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
        if status.is_client_error() {
            return Self {
                status,
                code: exception.code().unwrap_or(kind.code()).to_owned(),
                declared: None,
                detail: Some(exception.message().to_owned()),
                details: present(exception.details()),
            };
        }
        // The peer's own words about its failure are for its log and ours.
        Self::of_kind(Kind::of_status(status.as_u16())).with_status(status)
    }
}

impl<E: ContractError> From<CallError<E>> for Problem {
    fn from(error: CallError<E>) -> Self {
        let problem = match &error {
            CallError::Service(error) => Self::of_declared(error),
            CallError::Remote(exception) => Self::of_exception(exception),
            other => Self::of_kind(other.kind()),
        };
        if problem.detail.is_none() {
            tracing::error!(%error, status = problem.status.as_u16(), "a call of the gateway failed");
        }
        problem
    }
}

impl IntoResponse for Problem {
    fn into_response(self) -> Response {
        let body = self.to_json();
        let content_type = (header::CONTENT_TYPE, "application/problem+json");
        (self.status, [content_type], body).into_response()
    }
}

/// Of one kind of problem always the same: the code, `EMAIL_TAKEN`, as people write it.
fn title(code: &str) -> String {
    let words = code.replace('_', " ");
    let mut chars = words.chars();
    match chars.next() {
        Some(first) => first
            .to_uppercase()
            .chain(chars.flat_map(char::to_lowercase))
            .collect(),
        None => words,
    }
}

/// Details that say something.
fn present(details: String) -> Option<String> {
    (!matches!(details.as_str(), "" | "{}" | "null")).then_some(details)
}

/// A value that could not be encoded is the gateway's fault.
impl From<json::EncodeError> for Problem {
    fn from(error: json::EncodeError) -> Self {
        tracing::error!(%error, "an answer of the gateway cannot be encoded");
        Self::of_kind(Kind::Internal)
    }
}
