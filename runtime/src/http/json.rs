//! JSON bodies of contract types.

use axum::{
    body::Bytes,
    extract::{FromRequest, Request},
    http::{HeaderMap, StatusCode, header},
    response::{IntoResponse, Response},
};

use super::Problem;
use crate::{Kind, Wire, check::Violation, json};

/// A JSON body of a contract type: an extractor, and a response.
///
/// As an extractor it refuses with a [`Problem`]: a body that is not JSON or
/// not of the type with 400 and the place as a JSON pointer, one that does not
/// say `application/json` with 415, one beyond axum's
/// [`DefaultBodyLimit`](axum::extract::DefaultBodyLimit) with 413.
/// The `#[check]` rules of the contract are left to the service behind, which
/// sees them in any case.
///
/// ```
/// use anywire::http::Json;
///
/// async fn sum(Json(numbers): Json<Vec<i32>>) -> Json<i32> {
///     Json(numbers.into_iter().sum())
/// }
/// let router: axum::Router = axum::Router::new().route("/sum", axum::routing::post(sum));
/// # let _ = router;
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Json<T>(pub T);

impl<T: Wire, S: Send + Sync> FromRequest<S> for Json<T> {
    type Rejection = Problem;

    async fn from_request(request: Request, state: &S) -> Result<Self, Problem> {
        if !is_json(request.headers()) {
            let problem = Problem::new(Kind::Invalid, "expected a body of type application/json");
            return Err(problem.with_status(StatusCode::UNSUPPORTED_MEDIA_TYPE));
        }
        let body = Bytes::from_request(request, state)
            .await
            .map_err(|unread| {
                Problem::new(Kind::Invalid, unread.body_text()).with_status(unread.status())
            })?;
        match json::decode(&body) {
            Ok(value) => Ok(Self(value)),
            Err(error) => Err(Problem::invalid(
                &format!("the body does not decode: {error}"),
                Violation {
                    pointer: error.pointer(),
                    message: error.reason().to_owned(),
                },
            )),
        }
    }
}

/// `application/json` and all types that end in `+json`, with any parameters.
fn is_json(headers: &HeaderMap) -> bool {
    let content_type = headers
        .get(header::CONTENT_TYPE)
        .and_then(|value| value.to_str().ok())
        .and_then(|value| value.split(';').next());
    content_type.is_some_and(|media| {
        let media = media.trim().to_ascii_lowercase();
        media == "application/json"
            || (media.starts_with("application/") && media.ends_with("+json"))
    })
}

impl<T: Wire> IntoResponse for Json<T> {
    fn into_response(self) -> Response {
        match json::encode(&self.0) {
            Ok(body) => ([(header::CONTENT_TYPE, "application/json")], body).into_response(),
            Err(error) => Problem::from(error).into_response(),
        }
    }
}
