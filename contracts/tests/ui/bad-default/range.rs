#![contract(package = "acme.users.v1")]

pub struct User {
    #[default(200)]
    #[check(range = 0..=150)]
    pub age: u32,
}
