#![contract(package = "acme.users.v1")]

#[service]
pub trait Users {
    #[event("users.created", delivery = at_least_once, key = ids)]
    fn user_created(ids: Vec<u32>);
}
