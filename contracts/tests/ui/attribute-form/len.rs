#![contract(package = "acme.users.v1")]

pub struct User {
    #[check(len = 3)]
    pub name: String,
}
