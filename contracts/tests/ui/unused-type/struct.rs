#![contract(package = "acme.users.v1")]

pub struct User {}

#[service]
pub trait Users {
    #[message("users.get")]
    fn get_user(id: u32);
}
