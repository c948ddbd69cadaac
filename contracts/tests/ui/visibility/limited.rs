#![contract(package = "acme.users.v1")]

pub(crate) struct User {}
