//! Prices, in a package of two files.
#![contract(package = "acme.orders.v1", encodings(json, proto))]

pub struct Price {
    #[n(1)]
    pub amount: Decimal,
    #[n(2)]
    pub currency: Currency,
}

pub enum Currency {
    Euro = 1,
    Dollar = 2,
}
