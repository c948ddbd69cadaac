#![contract(package = "acme.users.v1")]

#[deprecated(note = "never)]
pub struct User {}
