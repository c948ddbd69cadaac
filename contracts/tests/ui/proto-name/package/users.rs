#![contract(package = "acme.users.v1", encodings(json, proto))]

pub struct roles {
    #[n(1)]
    pub id: u32,
}
