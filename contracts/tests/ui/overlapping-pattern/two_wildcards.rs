#![contract(package = "acme.users.v1")]

#[service]
pub trait Users {
    #[event("users.{id}.created")]
    fn user_created(id: u32);
    #[event("{tenant}.7.created")]
    fn created(tenant: Uuid);
}
