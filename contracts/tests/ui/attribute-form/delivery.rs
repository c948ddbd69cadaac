#![contract(package = "acme.users.v1")]

#[service]
pub trait Users {
    #[event("users.created", delivery = exactly_once)]
    fn user_created(id: u32);
}
