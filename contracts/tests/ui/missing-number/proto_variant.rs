#![contract(package = "acme.users.v1", encodings(json, proto))]

pub enum Role {
    Admin,
}
