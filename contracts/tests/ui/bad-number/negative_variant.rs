#![contract(package = "acme.users.v1")]

pub enum Role {
    Admin = -1,
}
