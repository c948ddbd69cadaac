#![contract(package = "acme.users.v1")]

pub struct Money {
    pub amount: Decimal,
}
