#![contract(package = "acme.users.v1")]

#[service]
pub trait Users {
    #[since(3)]
    #[message("users.get")]
    fn get_user(id: u32) -> u32;
}
