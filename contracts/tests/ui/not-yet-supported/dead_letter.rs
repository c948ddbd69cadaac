#![contract(package = "acme.users.v1")]

#[service]
pub trait Users {
    #[event("users.created", delivery = at_least_once, dead_letter = "dead")]
    fn user_created(id: u32);
}
