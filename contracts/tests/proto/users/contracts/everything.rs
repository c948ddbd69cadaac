#![contract(package = "acme.everything.v1", encodings(json, proto))]

use crate::common::{Amounts, Currency, Revision};

pub struct Everything {
    #[n(1)]
    pub bool: bool,
    #[n(2)]
    pub i8: i8,
    #[n(3)]
    pub i16: i16,
    #[n(4)]
    pub i32: i32,
    #[n(5)]
    pub i64: i64,
    #[n(6)]
    pub u8: u8,
    #[n(7)]
    pub u16: u16,
    #[n(8)]
    pub u32: u32,
    #[n(9)]
    pub u64: u64,
    #[n(10)]
    pub f32: f32,
    #[n(11)]
    pub f64: f64,
    #[n(12)]
    pub string: String,
    #[n(13)]
    pub bytes: Bytes,
    #[n(14)]
    pub uuid: Uuid,
    #[n(15)]
    pub decimal: Decimal,
    #[n(16)]
    pub date: Date,
    #[n(17)]
    pub timestamp: Timestamp,
    #[n(18)]
    pub duration: Duration,
    #[n(19)]
    pub json: Json,
    #[n(20)]
    pub optional: Option<String>,
    #[n(21)]
    pub optional_message: Option<Box<Everything>>,
    #[n(22)]
    #[default(Euro)]
    pub with_default: Currency,
    #[n(23)]
    pub list: Amounts,
    #[n(24)]
    #[default]
    pub ids: Vec<Revision>,
    #[n(25)]
    pub by_number: HashMap<u32, Everything>,
    #[n(26)]
    pub by_name: BTreeMap<String, Json>,
    #[n(27)]
    pub by_revision: Index,
    #[n(536870911)]
    pub last: Boxed,
}

pub struct Index(pub BTreeMap<Revision, Currency>);

pub struct Boxed(pub Box<Nothing>);

pub struct Nothing {}
