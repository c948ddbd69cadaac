#![contract(package = "acme.users.v1")]

pub struct Point(pub f64, pub f64);
