#![contract(package = "acme.users.v1")]

pub struct User {
    #[check(range = 0..10)]
    pub age: u32,
}
