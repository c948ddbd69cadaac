#![contract(package = "acme.users.v1", encodings(json, proto))]

pub struct User {
    #[n(1)]
    pub id: u32,
}

#[service]
pub trait Users {
    #[message("users.get", grpc = "User/Get")]
    fn get_user(user: User) -> u32;
}
