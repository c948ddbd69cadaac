#![contract(package = "acme.users.v1")]

pub struct UserId(pub u32)

pub struct User {
    pub id: UserId,
}
