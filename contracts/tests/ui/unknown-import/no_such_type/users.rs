#![contract(package = "acme.users.v1")]

use crate::common::Mony;

pub struct User {
    pub balance: Mony,
}
