#![contract(package = "acme.users.v1")]

#[service]
pub trait Users {
    #[event("users.created", key = user_id)]
    fn user_created(user_id: u32);
}
