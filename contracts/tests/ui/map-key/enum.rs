#![contract(package = "acme.users.v1")]

pub enum Role {
    Admin,
}

pub struct User {
    pub names: BTreeMap<Role, String>,
}
