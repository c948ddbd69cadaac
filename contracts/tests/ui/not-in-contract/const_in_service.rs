#![contract(package = "acme.users.v1")]

#[service]
pub trait Users {
    const LIMIT: u32 = 1;
}
