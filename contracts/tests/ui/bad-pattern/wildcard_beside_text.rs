#![contract(package = "acme.users.v1")]

#[service]
pub trait Users {
    #[event("users.user-{id}.created")]
    fn user_created(id: u32);
}
