#![contract(package = "acme.common.v1")]

pub struct Money {
    pub amount: Decimal,
}
