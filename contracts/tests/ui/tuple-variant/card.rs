#![contract(package = "acme.users.v1")]

pub enum Payment {
    Card(String),
    Cash {},
}
