#![contract(package = "acme.users.v1")]

#[service]
pub trait Users {
    #[message("users.get")]
    fn get_user(id: u32) -> u32;
    #[event("users.{id}")]
    fn user_seen(id: u32);
}
