#![contract(package = "acme.users.v1")]

pub struct id(pub u32);
