#![contract(package = "acme.users.v1", encodings(json, proto))]

pub enum Payment {
    Card { last4: String } = 1,
}
