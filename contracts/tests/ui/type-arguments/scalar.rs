#![contract(package = "acme.users.v1")]

pub struct User {
    pub name: String<u8>,
}
