#![contract(package = "acme.users.v1")]

#[service]
pub trait Users {
    #[message("users.get", cmd = "get")]
    fn get_user(id: u32) -> u32;
}
