#![contract(package = "acme.users.v1")]

pub struct User {
    #[default(1)]
    pub age: Option<u32>,
}
