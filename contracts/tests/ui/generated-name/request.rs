#![contract(package = "acme.users.v1")]

pub struct GetUserRequest {}

#[service]
pub trait Users {
    #[message("users.get")]
    fn get_user(id: u32) -> GetUserRequest;
}
