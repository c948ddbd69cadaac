//! What other contracts import.
#![contract(package = "shared.v1", encodings(json, proto))]

pub struct Money {
    #[n(1)]
    pub amount: Decimal,
    #[n(2)]
    pub currency: Currency,
}

pub enum Currency {
    Euro = 1,
    Dollar = 5,
}

pub struct Revision(pub u64);

pub type Amounts = Vec<Money>;
