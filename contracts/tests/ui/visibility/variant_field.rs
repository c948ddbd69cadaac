#![contract(package = "acme.users.v1")]

pub enum Payment {
    Card { pub last4: String },
}
