//! Users service.
#![contract(package = "golden.users.v1", rename_all = "camelCase")]

use crate::shop::money::Money;

/// A registered user.
pub struct User {
    pub id: UserId,
    pub email: String,
    pub credit: Option<Money>,
}

pub struct UserId(pub Uuid);

pub enum UserError {
    #[error(not_found, "User {id} not found")]
    NotFound { id: UserId },
}

/// Knows everybody.
#[service]
pub trait Users {
    /// Finds a user.
    #[message({ cmd: "get_user" }, timeout = "2s", idempotent)]
    fn get_user(id: UserId, #[default(false)] with_credit: bool) -> Result<User, UserError>;
    /// Writes to the log.
    #[message("audit.log", oneway)]
    fn log(line: String);
}
