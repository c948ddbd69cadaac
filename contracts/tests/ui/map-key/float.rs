#![contract(package = "acme.users.v1")]

pub struct User {
    pub names: BTreeMap<f64, String>,
}
