#![contract(package = "acme.users.v1")]

#[service]
pub trait Users {
    #[message("users.get")]
    fn get_user(#[n(1)] id: u32, #[n(1)] name: String);
}
