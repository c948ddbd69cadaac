#![contract(package = "acme.users.v1")]

#[service]
pub trait Users {
    #[message("created", oneway)]
    fn created(id: u32);
}
