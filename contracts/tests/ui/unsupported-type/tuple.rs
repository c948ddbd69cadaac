#![contract(package = "acme.users.v1")]

pub struct User {
    pub point: (f64, f64),
}
