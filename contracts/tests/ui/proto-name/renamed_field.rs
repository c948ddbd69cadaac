#![contract(package = "acme.users.v1", encodings(json, proto))]

pub struct User {
    #[n(1)]
    pub user_id: u32,
    #[n(2)]
    #[name("uid")]
    pub userId: u32,
}
