#![contract(package = "acme.users.v1")]

#[service]
pub trait Users {
    #[message("users.get")]
    #[event("users.got")]
    fn get_user(id: u32);
}
