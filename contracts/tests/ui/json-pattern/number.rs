#![contract(package = "acme.users.v1")]

#[service]
pub trait Users {
    #[message("1.0")]
    fn get_user(id: u32) -> u32;
}
