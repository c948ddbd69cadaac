#![contract(package = "acme.users.v1")]

#[service]
pub trait Users {
    #[event("users.{id}.created")]
    fn user_created(id: u32);
    #[event("users.new.created")]
    fn new_user_created(id: u32);
}
