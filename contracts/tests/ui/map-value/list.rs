#![contract(package = "acme.users.v1")]

pub struct User {
    pub tags: BTreeMap<String, Vec<String>>,
}
