//! The users of the shop.
#![contract(package = "shop.users.v1", rename_all = "camelCase", encodings(json, proto))]

/// A registered user.
pub struct User {
    /// The number that the service gave to the user.
    #[n(1)]
    pub id: UserId,
    /// No two users have the same.
    #[n(2)]
    pub email: String,
    /// What to call the user.
    #[n(3)]
    pub name: String,
    /// When the user was created.
    #[n(4)]
    pub created_at: Timestamp,
}

/// The number of a user.
pub struct UserId(pub u32);

/// Why there is no user in the answer.
pub enum UserError {
    /// No user has this number.
    #[error(not_found, "there is no user {id}")]
    NotFound {
        #[n(1)]
        id: UserId,
    } = 1,
    /// Somebody else has this address.
    #[error(conflict, "{email} is taken")]
    EmailTaken {
        #[n(1)]
        email: String,
    } = 2,
}

/// Who is registered.
#[service]
pub trait Users {
    /// Registers a user.
    #[message({ cmd: "create_user" })]
    fn create_user(
        #[check(len = 3..=254, pattern = "^[^@ ]+@[^@ ]+$")] email: String,
        #[check(len = 1..=100)] name: String,
    ) -> Result<User, UserError>;

    /// Finds a user.
    #[message({ cmd: "get_user" }, timeout = "2s", idempotent)]
    fn get_user(id: UserId) -> Result<User, UserError>;

    /// Answers, to show that the service is there.
    #[message({ cmd: "ping_users" }, timeout = "1s", idempotent)]
    fn ping();

    /// A user was registered.
    #[event("user_created")]
    fn user_created(user_id: UserId, email: String, name: String);
}
