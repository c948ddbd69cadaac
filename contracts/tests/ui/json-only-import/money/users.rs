#![contract(package = "acme.users.v1", encodings(json, proto))]

use crate::common::Money;

pub struct User {
    #[n(1)]
    pub balance: Money,
}
