#![contract(package = "acme.users.v1")]

#[non_exhaustive]
pub enum UserError {
    #[error(not_found, "no such user")]
    NotFound,
}
