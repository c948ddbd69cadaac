#![contract(package = "acme.users.v1")]

pub struct User {
    pub grid: Vec<Vec<u32>>,
}
