//! Error enums.
#![contract(package = "golden.errors.v1", rename_all = "camelCase")]

pub struct UserId(pub Uuid);

/// What can go wrong with a user.
pub enum UserError {
    #[error(not_found, "User {user_id} not found")]
    NotFound { user_id: UserId },
    #[error(conflict, "{email} is {{taken}}, try {hint}", code = "EMAIL_TAKEN")]
    EmailTaken {
        email: String,
        hint: String,
        others: Vec<String>,
    },
    #[error(unavailable, "the directory is down", retryable)]
    DirectoryDown,
}

/// One that has no fields at all.
pub enum Refused {
    #[error(forbidden, "not you")]
    NotYou {},
}
