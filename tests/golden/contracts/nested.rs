//! Checks inside of other values.
#![contract(package = "golden.nested.v1")]

pub struct Person {
    pub address: Address,
    pub others: BTreeMap<String, Address>,
    pub contact: Option<Contact>,
    #[check(len = 2..=2)]
    pub tag: Tag,
    pub note: String,
}

#[check(len = 1..=8, pattern = "^[a-z]*$")]
pub struct Tag(pub String);

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
    Visit {
        at: Address,
    },
    Never {},
    No,
}
