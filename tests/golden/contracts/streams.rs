//! Streams, and events with wildcards.
#![contract(package = "golden.streams.v1", rename_all = "camelCase")]

pub struct UserId(pub u64);

pub struct User {
    pub id: UserId,
    pub name: String,
}

pub enum Role {
    Admin,
    Member,
}

pub enum UserError {
    #[error(not_found, "user {id} not found")]
    NotFound { id: UserId },
}

#[service]
pub trait Users {
    /// Tells how a user changes.
    #[message("users.watch")]
    fn watch(id: UserId) -> Result<Stream<User>, UserError>;
    #[message("users.import", timeout = "1m")]
    fn import(users: Stream<User>) -> u32;
    #[message("users.sync")]
    fn sync(ids: Stream<UserId>) -> Result<Stream<User>, UserError>;
    /// Somebody signed up.
    #[event("users.{role}.created.{user_id}")]
    fn user_created(role: Role, user_id: UserId);
}
