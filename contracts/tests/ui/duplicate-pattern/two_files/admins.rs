#![contract(package = "acme.users.v1")]

#[service]
pub trait Admins {
    #[event("created")]
    fn admin_created(id: u32);
}
