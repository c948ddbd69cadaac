//! Names that only JSON can tell apart.
#![contract(package = "hostile.json.v1")]

pub struct Types {
    pub r#type: u8,
    #[name("other")]
    pub type_: u8,
}

#[service]
pub trait Named {
    #[message("names")]
    fn names(types: Types, r#type: u8, #[name("other")] type_: u8);
}
