#![contract(package = "acme.users.v1")]

pub enum User {
    RoleAdmin,
}

pub enum UserRole {
    Admin,
}
