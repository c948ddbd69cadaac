#![contract(package = "acme.users.v1")]

#[reserved(3, "nick_name")]
pub struct User {
    pub nick_name: String,
}
