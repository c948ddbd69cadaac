//! Every built-in type.
#![contract(package = "golden.scalars.v1")]

/// All scalars.
pub struct Scalars {
    pub yes: bool,
    pub tiny: i8,
    pub small: i16,
    pub medium: i32,
    pub large: i64,
    pub byte: u8,
    pub short: u16,
    pub word: u32,
    pub long: u64,
    pub single: f32,
    pub double: f64,
    pub text: String,
    pub bytes: Bytes,
    pub uuid: Uuid,
    pub decimal: Decimal,
    pub date: Date,
    pub timestamp: Timestamp,
    pub duration: Duration,
    pub json: Json,
}

/// 64-bit integers as text.
pub struct Wide {
    #[json(string)]
    pub id: u64,
    #[json(string)]
    pub parent: Option<i64>,
    #[json(string)]
    #[default(7)]
    pub revision: u64,
}

/// Nothing yet.
pub struct Empty {}
