#![contract(package = "acme.users.v1")]

pub struct User {
    pub names: Stream<String>,
}
