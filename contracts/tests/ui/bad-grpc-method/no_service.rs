#![contract(package = "acme.users.v1", encodings(json, proto))]

#[service]
pub trait Users {
    #[message("users.get", grpc = "GetUser")]
    fn get_user(id: u32) -> u32;
}
