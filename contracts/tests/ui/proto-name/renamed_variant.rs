#![contract(package = "acme.users.v1", encodings(json, proto))]

pub enum Payment {
    BankTransfer {} = 1,
    #[name("wire")]
    bank_transfer {} = 2,
}
