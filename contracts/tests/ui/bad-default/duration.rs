#![contract(package = "acme.users.v1")]

pub struct User {
    #[default("30")]
    pub session: Duration,
}
