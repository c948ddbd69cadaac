#![contract(package = "acme.users.v1")]

pub struct User {
    pub user_id: u32,
    pub userId: u32,
}
