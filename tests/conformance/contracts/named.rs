//! Events whose names hold values.
#![contract(package = "conformance.named.v1", rename_all = "camelCase", encodings(json, proto))]

/// Who somebody is.
pub enum Role {
    Admin = 1,
    SuperUser = 2,
}

/// A name of its own for an id.
pub struct UserId(pub Uuid);

/// Publishes events with wildcards, and some whose names only look like theirs.
#[service]
pub trait Named {
    /// Two wildcards: an enum and a newtype.
    #[event("named.{role}.joined.{user_id}")]
    fn joined(role: Role, user_id: UserId, text: String);

    /// One wildcard, at the end: an integer.
    #[event("named.level.{level}")]
    fn level_reached(level: i32, text: String);

    /// A part less than `joined`.
    #[event("named.admin.joined")]
    fn admin_joined(text: String);

    /// A part more than `level_reached`.
    #[event("named.level.1.left")]
    fn level_left(text: String);
}
