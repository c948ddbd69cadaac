#![contract(package = "acme.common.v1", encodings(json, proto))]

pub struct Money {
    #[n(1)]
    pub currency: Currency,
}

pub enum Currency {
    Euro = 1,
}
