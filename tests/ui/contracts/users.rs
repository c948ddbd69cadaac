//! Users service.
#![contract(package = "ui.users.v1")]

pub struct User {
    pub id: u32,
    pub name: String,
}

pub enum UserError {
    #[error(not_found, "user {id} not found")]
    NotFound { id: u32 },
}

#[service]
pub trait Users {
    #[message({ cmd: "get_user" })]
    fn get_user(id: u32) -> Result<User, UserError>;
    #[message("users.count")]
    fn count() -> u32;
    #[event("user_created", delivery = at_least_once)]
    fn user_created(id: u32);
}
