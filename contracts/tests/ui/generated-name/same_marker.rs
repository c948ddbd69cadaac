#![contract(package = "acme.users.v1")]

#[service]
pub trait Users {
    #[message("users.get")]
    fn get_user(#[payload] id: u32) -> u32;
    #[message("users.get2")]
    fn getUser(#[payload] id: u32) -> u32;
}
