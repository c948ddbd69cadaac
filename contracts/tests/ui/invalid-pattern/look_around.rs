#![contract(package = "acme.users.v1")]

pub struct User {
    #[check(pattern = "^ab(?=c)")]
    pub name: String,
}
