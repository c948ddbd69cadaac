//! The small typed request and reply that every contestant answers.
#![contract(package = "bench.v1", rename_all = "camelCase", encodings(json, proto))]

/// A user.
pub struct User {
    #[n(1)]
    pub id: u32,
    #[n(2)]
    pub email: String,
    #[n(3)]
    pub name: String,
    #[n(4)]
    pub age: u32,
    #[n(5)]
    pub active: bool,
}

/// Users.
#[service]
pub trait Users {
    /// Finds a user, always.
    #[message({ cmd: "get_user" }, topic = "get_user")]
    fn get_user(#[n(1)] id: u32) -> User;
}
