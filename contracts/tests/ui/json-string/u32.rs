#![contract(package = "acme.users.v1")]

pub struct User {
    #[json(string)]
    pub age: u32,
}
