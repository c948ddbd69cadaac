#![contract(package = "acme.users.v1")]

pub enum Role {
    Admin,
    Member,
}

pub struct User {
    #[default(Membr)]
    pub role: Role,
}
