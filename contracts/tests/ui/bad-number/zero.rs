#![contract(package = "acme.users.v1")]

pub struct User {
    #[n(0)]
    pub id: u32,
}
