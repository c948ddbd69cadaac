#![contract(package = "acme.users.v1")]

pub enum UserError {
    #[error(not_found, "no such user")]
    NotFound,
    #[error(conflict, "it is gone", code = "NOT_FOUND")]
    Gone,
}
