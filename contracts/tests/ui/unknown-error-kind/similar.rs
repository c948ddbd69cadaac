#![contract(package = "acme.users.v1")]

pub enum UserError {
    #[error(notfound, "no such user")]
    NotFound,
}
