//! Checks on input.
#![contract(package = "golden.checks.v1", rename_all = "camelCase")]

use crate::nested::Tag;

pub struct SignUp {
    #[check(len = 3..=254, pattern = "^[^@]+@[^@]+$")]
    pub email_address: String,
    #[check(len = 2..)]
    pub nick_name: Option<String>,
    #[check(range = 0..=150)]
    pub age: u8,
    #[check(range = -0.5..)]
    pub score: f64,
    #[check(range = "0.01"..="99.99")]
    pub price: Decimal,
    #[check(range = ..="2m")]
    pub wait: Duration,
    #[check(len = 1..=3, unique)]
    pub tags: Vec<Tag>,
    #[check(len = ..=4)]
    pub bytes: Option<Box<Bytes>>,
}
