#![contract(package = "acme.users.v1")]

pub struct User {
    #[serde(rename = "x")]
    pub name: String,
}
