#![contract(package = "acme.users.v1")]

pub struct User {
    #[check(range = 0..=300)]
    pub age: u8,
}
