#![contract(package = "acme.users.v1")]

pub enum Payment {
    Card { r#type: String },
    Cash {},
}
