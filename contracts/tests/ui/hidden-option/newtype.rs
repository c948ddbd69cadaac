#![contract(package = "acme.users.v1")]

pub struct Name(pub Option<String>);
