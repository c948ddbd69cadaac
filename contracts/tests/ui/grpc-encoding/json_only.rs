#![contract(package = "acme.users.v1")]

#[service]
pub trait Users {
    #[message("users.get", grpc = "Users/GetUser")]
    fn get_user(id: u32) -> u32;
}
