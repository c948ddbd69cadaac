#![contract(package = "acme.users.v1")]

pub struct User {
    #[check(lenght = 1..)]
    pub name: String,
}
