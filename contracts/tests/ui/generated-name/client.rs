#![contract(package = "acme.users.v1")]

pub struct UsersClient {}

#[service]
pub trait Users {
    #[message("users.get")]
    fn get_user(id: u32) -> UsersClient;
}
