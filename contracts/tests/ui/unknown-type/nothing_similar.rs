#![contract(package = "acme.users.v1")]

pub struct User {
    pub balance: Money,
}
