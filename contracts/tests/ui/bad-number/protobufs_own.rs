#![contract(package = "acme.users.v1")]

pub struct User {
    #[n(19000)]
    pub id: u32,
}
