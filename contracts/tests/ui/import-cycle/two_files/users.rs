#![contract(package = "acme.users.v1")]

use crate::common::Money;

pub struct User {
    pub balances: Vec<Money>,
}
