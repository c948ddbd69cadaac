#![contract(package = "acme.users.v1")]

pub struct User {
    #[n(1)]
    pub id: u32,
    pub email: String,
}
