#![contract(package = "acme.users.v1")]

#[service]
pub trait Users {
    #[message("users.get", delivery = at_least_once)]
    fn get_user(id: u32) -> u32;
}
