#![contract(package = "acme.users.v1")]

pub struct User {
    #[default(256)]
    pub age: u8,
}
