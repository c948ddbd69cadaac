#![contract(package = "acme.users.v1")]

pub struct User {
    pub key: [u8; 32],
}
