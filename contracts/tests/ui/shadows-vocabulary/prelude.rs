#![contract(package = "acme.users.v1")]

pub struct Some(pub u32);
