#![contract(package = "acme.users.v1")]

pub enum UserError {
    #[error(not_found, "no users {ids}")]
    NotFound { ids: Vec<u32> },
}
