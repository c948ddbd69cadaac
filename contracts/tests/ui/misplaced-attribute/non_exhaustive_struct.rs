#![contract(package = "acme.users.v1")]

#[non_exhaustive]
pub struct User {}
