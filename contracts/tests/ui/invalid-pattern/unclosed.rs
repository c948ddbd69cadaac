#![contract(package = "acme.users.v1")]

pub struct User {
    #[check(pattern = "(abc")]
    pub name: String,
}
