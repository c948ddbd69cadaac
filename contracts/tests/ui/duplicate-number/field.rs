#![contract(package = "acme.users.v1")]

pub struct User {
    #[n(1)]
    pub id: u32,
    #[n(2)]
    pub email: String,
    #[n(2)]
    pub phone: String,
}
