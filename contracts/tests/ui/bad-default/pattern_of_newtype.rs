#![contract(package = "acme.users.v1")]

#[check(pattern = "^[a-z]+$")]
pub struct Name(pub String);

pub struct User {
    #[default("X")]
    pub name: Name,
}
