#![contract(package = "acme.users.v1")]

use crate::comon::Money;

pub struct User {
    pub balance: Money,
}
