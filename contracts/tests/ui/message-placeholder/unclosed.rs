#![contract(package = "acme.users.v1")]

pub enum UserError {
    #[error(not_found, "no user {id")]
    NotFound { id: u32 },
}
