//! The small typed request and reply that every contestant answers.
#![contract(package = "bench.v1", rename_all = "camelCase")]

/// A user.
pub struct User {
    pub id: u32,
    pub email: String,
    pub name: String,
    pub age: u32,
    pub active: bool,
}

/// Users.
#[service]
pub trait Users {
    /// Finds a user, always.
    #[message({ cmd: "get_user" })]
    fn get_user(id: u32) -> User;
}
