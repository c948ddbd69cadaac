#![contract(package = "acme.users.v1")]

pub struct String {}
