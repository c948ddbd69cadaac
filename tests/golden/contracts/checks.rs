//! Checks on input.
#![contract(package = "golden.checks.v1", rename_all = "camelCase")]

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
    #[check(range = 1..=9)]
    pub level: Level,
    pub address: Address,
    pub others: BTreeMap<String, Address>,
    pub contact: Option<Contact>,
}

#[check(len = 1..=8)]
pub struct Tag(pub String);

pub struct Level(pub u8);

pub struct Address {
    #[check(len = 1..)]
    pub street: String,
    pub city: String,
}

pub enum Contact {
    Phone {
        #[check(pattern = "^[0-9]+$")]
        number: String,
        note: String,
    },
    None {},
}

#[service]
pub trait Accounts {
    #[message("accounts.sign_up")]
    fn sign_up(#[payload] form: SignUp);
    #[message("accounts.sum")]
    fn sum(#[payload] #[check(len = 1..=3)] numbers: Vec<i32>) -> i64;
}
