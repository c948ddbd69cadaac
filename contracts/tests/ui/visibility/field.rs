#![contract(package = "acme.users.v1")]

pub struct User {
    id: u32,
}
