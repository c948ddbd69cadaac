#![contract(package = "acme.users.v1")]

pub struct User {
    #[check(range = "a"..)]
    pub amount: Decimal,
}
