#![contract(package = "acme.users.v1", encodings(json, proto))]

#[service]
pub trait Users {
    #[message("users.get")]
    fn get_user(#[n(1)] id: u32, name: String) -> u32;
}
