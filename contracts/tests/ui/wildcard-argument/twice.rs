#![contract(package = "acme.users.v1")]

#[service]
pub trait Users {
    #[event("users.{id}.{id}")]
    fn user_created(id: u32);
}
