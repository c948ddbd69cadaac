#![contract(package = "acme.users.v1")]

#[service]
pub trait Users {
    #[message("users.{id}")]
    fn get_user(id: u32) -> u32;
}
