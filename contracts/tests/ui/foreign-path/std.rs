#![contract(package = "acme.users.v1")]

pub struct User {
    pub tags: std::collections::BTreeMap<String, String>,
}
