#![contract(package = "acme.users.v1")]

#[service]
pub trait Users {
    #[message("users.new")]
    fn new(name: String) -> u32;
}
