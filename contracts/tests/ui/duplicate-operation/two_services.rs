#![contract(package = "acme.users.v1")]

#[service]
pub trait Users {
    #[message("users.get")]
    fn get(id: u32) -> u32;
}

#[service]
pub trait Admins {
    #[message("admins.get")]
    fn get(id: u32) -> u32;
}
