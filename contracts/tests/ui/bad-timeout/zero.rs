#![contract(package = "acme.users.v1")]

#[service]
pub trait Users {
    #[message("users.get", timeout = "0s")]
    fn get_user(id: u32) -> u32;
}
