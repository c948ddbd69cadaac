#![contract(package = "acme.users.v1")]

pub struct User {
    #[check(len = 1..)]
    pub age: u32,
}
