#![contract(package = "acme.users.v1")]

#[derive(Debug)]
pub struct User {}
