#![contract(package = "acme.users.v1")]

use crate::common::Money as Cash;

pub struct User {
    pub balance: Cash,
}
