#![contract(package = "acme.users.v1", encodings(json, proto))]

#[reserved("nick_name")]
pub struct User {
    #[n(1)]
    pub nickName: String,
}
