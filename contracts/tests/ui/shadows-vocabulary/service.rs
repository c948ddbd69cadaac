#![contract(package = "acme.users.v1")]

#[service]
pub trait Stream {}
