#![contract(package = "acme.users.v1")]

pub struct User {
    #[check(range = 0..=150)]
    pub name: String,
}
