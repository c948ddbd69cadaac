#![contract(package = "acme.users.v1")]

#[service]
pub trait Users {
    #[event("users.{id}.created")]
    fn user_created(id: Option<u32>);
}
