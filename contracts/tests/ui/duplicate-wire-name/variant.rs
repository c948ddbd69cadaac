#![contract(package = "acme.users.v1")]

pub enum Role {
    SuperUser,
    Super_User,
}
