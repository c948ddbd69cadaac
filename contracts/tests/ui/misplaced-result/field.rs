#![contract(package = "acme.users.v1")]

pub struct User {
    pub last: Result<u32, String>,
}
