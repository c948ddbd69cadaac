#![contract(package = "acme.users.v1")]

#[service]
pub trait Users {
    #[event("users.created", delivery = at_least_once, key = user_idd)]
    fn user_created(user_id: u32);
}
