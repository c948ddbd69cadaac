#![contract(package = "acme.users.v1")]

pub type Name = Option<String>;

pub struct User {
    pub names: Vec<Name>,
}
