#![contract(package = "acme.users.v1", encodings(json, proto))]

#[service]
pub trait Users {
    #[message("users.get", grpc = "acme.users.v1.Users/GetUser")]
    fn get_user(id: u32) -> u32;
}
