//! Numbers, for protobuf.
#![contract(package = "golden.numbered.v1", rename_all = "camelCase", encodings(json, proto))]

pub struct User {
    #[n(1)]
    pub id: UserId,
    #[n(2)]
    pub email: String,
    #[n(4)]
    pub role: Role,
    #[n(5)]
    #[default(3)]
    pub credit: u32,
    #[n(6)]
    pub deleted_at: Option<Timestamp>,
    #[n(7)]
    #[default]
    pub paid_by: Vec<Payment>,
}

pub struct UserId(pub Uuid);

#[non_exhaustive]
pub enum Role {
    Admin = 1,
    Member = 2,
}

pub enum Payment {
    Card {
        #[n(1)]
        last4: String,
        #[n(2)]
        #[json(string)]
        number: u64,
    } = 1,
    Cash = 3,
}

pub enum UserError {
    #[error(not_found, "user {id} not found")]
    NotFound {
        #[n(1)]
        id: UserId,
    } = 1,
    #[error(unavailable, "come back later", retryable)]
    Busy = 2,
}

#[service]
pub trait Users {
    #[message("users.get")]
    fn get_user(id: UserId) -> Result<User, UserError>;
    #[message("users.rename")]
    fn rename(#[n(2)] id: UserId, #[n(1)] email: Option<String>);
    #[message("users.count")]
    fn count(
        #[payload]
        #[n(3)]
        role: Role,
    ) -> u32;
    #[event("users.created")]
    fn user_created(#[payload] user: User);
}
