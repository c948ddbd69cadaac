#![contract(package = "acme.users.v1")]

pub enum Role {
    Unspecified,
    Admin,
}
