#![contract(package = "acme.users.v1")]

pub struct User {
    #[default("x")]
    pub age: u32,
}
