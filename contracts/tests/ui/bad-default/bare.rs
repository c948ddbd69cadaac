#![contract(package = "acme.users.v1")]

pub struct User {
    #[default]
    pub age: u32,
}
