#![contract(package = "acme.users.v1")]

pub trait Users {}
