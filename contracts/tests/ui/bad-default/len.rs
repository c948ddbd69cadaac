#![contract(package = "acme.users.v1")]

pub struct User {
    #[default]
    #[check(len = 1..)]
    pub tags: Vec<String>,
}
