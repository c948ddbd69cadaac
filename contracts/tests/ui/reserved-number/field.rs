#![contract(package = "acme.users.v1")]

#[reserved(3, "nick_name")]
pub struct User {
    #[n(3)]
    pub id: u32,
}
