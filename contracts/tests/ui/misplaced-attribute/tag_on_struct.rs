#![contract(package = "acme.users.v1")]

#[tag("type")]
pub struct User {}
