#![contract(package = "acme.users.v1", encodings(json, proto))]

use crate::users::{User, UserId};

/// In the package of another file.
pub struct Order {
    #[n(1)]
    pub by: User,
    #[n(2)]
    pub of: Vec<UserId>,
}
