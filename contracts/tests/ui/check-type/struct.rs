#![contract(package = "acme.users.v1")]

pub struct Name {}

pub struct User {
    #[check(len = 1..)]
    pub name: Name,
}
