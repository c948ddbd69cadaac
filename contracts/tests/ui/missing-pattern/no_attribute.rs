#![contract(package = "acme.users.v1")]

#[service]
pub trait Users {
    fn get_user(id: u32) -> u32;
}
