#![contract(package = "acme.users.v1")]

#[service]
pub trait Users {
    #[event("user created")]
    fn user_created(id: u32);
}
