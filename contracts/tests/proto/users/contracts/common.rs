//! What several services share.
#![contract(package = "acme.common.v1", encodings(json, proto))]

/// An amount of money.
pub struct Money {
    #[n(1)]
    pub amount: Decimal,
    #[n(2)]
    pub currency: Currency,
}

pub enum Currency {
    Euro = 1,
    UsDollar = 2,
}

/// Every change has one.
pub struct Revision(pub u64);

pub type Amounts = Vec<Money>;
