#![contract(package = "acme.users.v1", encodings(json, proto))]

#[reserved(2, "nick_name")]
pub struct User {
    #[n(1)]
    pub id: u32,
    pub email: String,
    pub age: u32,
}
