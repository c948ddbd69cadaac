#![contract(package = "acme.users.v1")]

pub struct User {
    #[check(pattern = "(?i)abc")]
    pub name: String,
}
