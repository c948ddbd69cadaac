#![contract(package = "acme.users.v1")]

#[tag(external)]
pub enum Payment {
    Cash {},
}
