#![contract(package = "acme.users.v1")]

pub struct User {
    #[lenght(3)]
    pub name: String,
}
