#![contract(package = "acme.users.v1")]

#[service]
pub trait Users {
    #[message("users.into")]
    fn into(name: String) -> u32;
}
