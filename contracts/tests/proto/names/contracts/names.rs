//! Names that could be taken for something else.
#![contract(package = "acme.google.v1", encodings(json, proto))]

use crate::common::Money;

pub struct string {
    #[n(1)]
    pub message: Option<Box<string>>,
    #[n(2)]
    pub reserved: acme,
    #[n(3)]
    pub r#type: Currency,
    #[n(4)]
    pub camelCase: Timestamp,
    #[n(5)]
    #[name("$odd name")]
    pub odd: Money,
    #[n(6)]
    pub _2fa: Option<bool>,
}

pub struct acme {
    #[n(1)]
    pub by_word: BTreeMap<String, string>,
}

/// The same name as in another package.
pub struct Currency {}

pub enum Variants {
    Variant {
        #[n(1)]
        currency: Currency,
    } = 1,
    Currency {
        #[n(1)]
        currency: Currency,
        #[n(2)]
        by_key: BTreeMap<bool, Variants>,
    } = 2,
    two_words {
        #[n(1)]
        acme: acme,
        #[n(2)]
        money: Money,
    } = 3,
}

#[service]
pub trait Names {
    #[message("names.string")]
    fn string(#[payload] of: string) -> Variants;
    #[message("names.money", grpc = "Tills/stream")]
    fn money(#[payload] of: Money) -> Timestamp;
    #[message("names.type")]
    fn r#type() -> Currency;
}
