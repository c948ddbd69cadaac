#![contract(package = "acme.users.v1")]

pub struct User {}

#[service]
pub trait Users {
    #[message("users.list")]
    fn list() -> Page<User>;
}
