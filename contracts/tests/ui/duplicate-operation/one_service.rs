#![contract(package = "acme.users.v1")]

#[service]
pub trait Users {
    #[message("users.get")]
    fn get(id: u32) -> u32;
    #[message("users.fetch")]
    fn get(id: u32) -> u32;
}
