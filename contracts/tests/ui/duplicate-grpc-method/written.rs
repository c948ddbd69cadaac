#![contract(package = "acme.users.v1", encodings(json, proto))]

#[service]
pub trait Users {
    #[message("users.get")]
    fn get_user(id: u32) -> u32;
    #[message("users.find", grpc = "Users/GetUser")]
    fn find_user(id: u32) -> u32;
}
