#![contract(package = "acme.users.v1")]

struct User {
    pub id: u32,
}
