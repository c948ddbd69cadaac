#![contract(package = "acme.users.v1")]

pub struct Name(#[check(len = 1..)] pub String);
