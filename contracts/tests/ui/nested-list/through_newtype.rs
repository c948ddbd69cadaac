#![contract(package = "acme.users.v1")]

pub struct Tags(pub Vec<String>);

pub struct User {
    pub tags: Vec<Tags>,
}
