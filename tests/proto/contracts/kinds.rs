//! Every shape that protobuf can carry.
#![contract(package = "kinds.v1", rename_all = "camelCase", encodings(json, proto))]

use crate::shared::{Amounts, Money, Revision};

pub struct Scalars {
    #[n(1)]
    pub flag: bool,
    #[n(2)]
    pub tiny: i8,
    #[n(3)]
    pub small: i16,
    #[n(4)]
    pub int: i32,
    #[n(5)]
    pub big: i64,
    #[n(6)]
    pub byte: u8,
    #[n(7)]
    pub short: u16,
    #[n(8)]
    pub word: u32,
    #[n(9)]
    pub long: u64,
    #[n(10)]
    #[json(string)]
    pub wide: u64,
    #[n(11)]
    pub single: f32,
    #[n(12)]
    pub double: f64,
    #[n(13)]
    pub text: String,
    #[n(14)]
    pub bytes: Bytes,
    #[n(15)]
    pub revision: Revision,
}

/// What has no zero: it has to be there.
pub struct Required {
    #[n(1)]
    pub id: Id,
    #[n(2)]
    pub price: Decimal,
    #[n(3)]
    pub day: Date,
    #[n(4)]
    pub at: Timestamp,
    #[n(5)]
    pub pause: Duration,
    #[n(6)]
    pub anything: Json,
    #[n(7)]
    pub money: Money,
    #[n(8)]
    pub boxed: Boxed,
    #[n(9)]
    pub colour: Colour,
    #[n(10)]
    pub shape: Shape,
}

pub struct Id(pub Uuid);

pub struct Boxed(pub Box<Empty>);

pub struct Empty {}

pub struct Options {
    #[n(1)]
    pub flag: Option<bool>,
    #[n(2)]
    pub int: Option<i32>,
    #[n(3)]
    #[json(string)]
    pub wide: Option<u64>,
    #[n(4)]
    pub double: Option<f64>,
    #[n(5)]
    pub text: Option<String>,
    #[n(6)]
    pub bytes: Option<Bytes>,
    #[n(7)]
    pub id: Option<Id>,
    #[n(8)]
    pub at: Option<Timestamp>,
    #[n(9)]
    pub anything: Option<Json>,
    #[n(10)]
    pub money: Option<Money>,
    #[n(11)]
    pub colour: Option<Colour>,
    #[n(12)]
    pub shape: Option<Shape>,
    #[n(13)]
    pub inner: Option<Box<Options>>,
}

pub struct Defaults {
    #[n(1)]
    #[default(true)]
    pub flag: bool,
    #[n(2)]
    #[default(-7)]
    pub int: i32,
    #[n(3)]
    #[json(string)]
    #[default(7)]
    pub wide: u64,
    #[n(4)]
    #[default(1.5)]
    pub double: f64,
    #[n(5)]
    #[default("name")]
    pub text: String,
    #[n(6)]
    #[default("0.50")]
    pub price: Decimal,
    #[n(7)]
    #[default("1500ms")]
    pub pause: Duration,
    #[n(8)]
    #[default(Green)]
    pub colour: Colour,
    #[n(9)]
    #[default(3)]
    pub revision: Revision,
    #[n(10)]
    #[default]
    pub list: Vec<u32>,
    #[n(11)]
    #[default]
    pub map: BTreeMap<String, u32>,
}

pub struct Lists {
    #[n(1)]
    pub flags: Vec<bool>,
    #[n(2)]
    pub ints: Vec<i32>,
    #[n(3)]
    pub tinies: Vec<i8>,
    #[n(4)]
    pub longs: Vec<u64>,
    #[n(5)]
    pub singles: Vec<f32>,
    #[n(6)]
    pub doubles: Vec<f64>,
    #[n(7)]
    pub texts: Vec<String>,
    #[n(8)]
    pub bytes: Vec<Bytes>,
    #[n(9)]
    pub ids: Vec<Id>,
    #[n(10)]
    pub times: Vec<Timestamp>,
    #[n(11)]
    pub anything: Vec<Json>,
    #[n(12)]
    pub amounts: Amounts,
    #[n(13)]
    pub colours: Vec<Colour>,
    #[n(14)]
    pub shapes: Vec<Shape>,
    #[n(15)]
    pub revisions: Vec<Revision>,
    #[n(16)]
    pub empties: Vec<Empty>,
    #[n(17)]
    pub boxed: Box<Vec<String>>,
}

pub struct Maps {
    #[n(1)]
    pub texts: BTreeMap<String, String>,
    #[n(2)]
    pub by_flag: BTreeMap<bool, i64>,
    #[n(3)]
    pub by_tiny: BTreeMap<i8, Money>,
    #[n(4)]
    pub by_long: HashMap<u64, Colour>,
    #[n(5)]
    pub by_revision: BTreeMap<Revision, Shape>,
    #[n(6)]
    pub by_big: BTreeMap<i64, f64>,
    #[n(7)]
    pub anything: BTreeMap<String, Json>,
    #[n(8)]
    pub empties: BTreeMap<u32, Empty>,
    #[n(9)]
    pub index: Index,
}

pub struct Index(pub BTreeMap<u16, Bytes>);

/// Closed.
pub enum Colour {
    Red = 1,
    Green = 300,
}

/// Closed.
pub enum Shape {
    Circle {
        #[n(1)]
        radius: f64,
    } = 1,
    Boxes {
        #[n(1)]
        first: Box<Shape>,
        #[n(2)]
        label: Option<String>,
        #[n(3)]
        #[default(1)]
        count: u32,
        #[n(4)]
        others: Vec<Shape>,
    } = 2,
    Nothing = 4,
}

/// May grow.
#[non_exhaustive]
pub enum Mood {
    Good = 1,
    Fair = 2,
}

/// May grow.
#[non_exhaustive]
pub enum Notice {
    Said {
        #[n(1)]
        text: String,
    } = 1,
    Done = 2,
}

/// Holds what may not be known.
pub struct Unsure {
    #[n(1)]
    pub mood: Mood,
    #[n(2)]
    pub moods: Vec<Mood>,
    #[n(3)]
    pub notice: Notice,
    #[n(4)]
    pub notices: BTreeMap<String, Notice>,
}

/// Numbers of every size, in no order.
pub struct Sparse {
    #[n(536870911)]
    pub last: u32,
    #[n(15)]
    pub one_byte: String,
    #[n(16)]
    pub two_bytes: String,
    #[n(2048)]
    pub three_bytes: Vec<u32>,
    #[n(1)]
    pub r#type: Option<Box<Sparse>>,
}

pub enum KindError {
    #[error(not_found, "no {id}")]
    NotFound {
        #[n(1)]
        id: Id,
        #[n(7)]
        #[default(2)]
        left: u32,
    } = 1,
    #[error(unavailable, "busy", code = "COME_BACK")]
    Busy = 2,
}

#[service]
pub trait Kinds {
    #[message("kinds.whole")]
    fn whole(#[payload] scalars: Scalars) -> Result<Required, KindError>;
    #[message("kinds.wrapped")]
    fn wrapped(
        #[payload]
        #[n(3)]
        numbers: Vec<i32>,
    ) -> Option<Colour>;
    #[message("kinds.wide")]
    fn wide(
        #[payload]
        #[json(string)]
        id: u64,
    ) -> BTreeMap<String, u32>;
    #[message("kinds.arguments")]
    fn arguments(#[n(2)] first: String, #[n(1)] second: Option<u32>) -> Shape;
    #[message("kinds.nothing")]
    fn nothing();
    #[message("kinds.streams")]
    fn streams(ids: Stream<Id>) -> Stream<Boxed>;
    #[event("kinds.happened")]
    fn happened(options: Options, defaults: Defaults, lists: Lists, maps: Maps);
    #[event("kinds.counted")]
    fn counted(#[payload] revision: Revision);
    #[event("kinds.doubted")]
    fn doubted(#[payload] unsure: Unsure);
    #[event("kinds.spread")]
    fn spread(#[payload] sparse: Sparse);
}
