//! What an axum gateway over typed clients needs: [`Problem`], [`Json`] and [`Path`].
//!
//! An axum handler calls a client and says `?`; what went wrong becomes
//! `application/problem+json` (RFC 9457) with the status that it deserves.
//!
//! ```
//! use anywire::{CallError, http::{Json, Path, Problem}};
//! # // What a contract compiles to, as short as it can be.
//! # #[derive(Clone)] struct UsersClient;
//! # type User = u32;
//! # impl UsersClient {
//! #     async fn get_user(&self, id: u32) -> Result<User, CallError> { Ok(id) }
//! # }
//! use axum::{Router, extract::State, routing::get};
//!
//! async fn get_user(
//!     State(users): State<UsersClient>,
//!     Path(id): Path<u32>,
//! ) -> Result<Json<User>, Problem> {
//!     Ok(Json(users.get_user(id).await?))
//! }
//!
//! let router: Router = Router::new()
//!     .route("/users/{id}", get(get_user))
//!     .with_state(UsersClient);
//! # let _ = router;
//! ```
//!
//! The router is served by [`App::http`](crate::App::http), beside the transports.

mod json;
mod path;
mod problem;

pub use json::Json;
pub use path::Path;
pub use problem::Problem;
