#![contract(package = "acme.users.v1")]

pub struct User {
    #[check(pattern = "a")]
    pub names: Vec<String>,
}
