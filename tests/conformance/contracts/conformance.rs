//! What every transport is asked to carry.
#![contract(package = "conformance.v1", rename_all = "camelCase", encodings(json, proto))]

/// A value of every type that the language has.
pub struct Everything {
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
    pub unsigned_tiny: u8,
    #[n(7)]
    pub unsigned_small: u16,
    #[n(8)]
    pub unsigned_int: u32,
    #[n(9)]
    pub unsigned_big: u64,
    #[n(10)]
    #[json(string)]
    pub revision: u64,
    #[n(11)]
    pub single: f32,
    #[n(12)]
    pub double: f64,
    #[n(13)]
    pub text: String,
    #[n(14)]
    pub bytes: Bytes,
    #[n(15)]
    pub id: ItemId,
    #[n(16)]
    pub price: Decimal,
    #[n(17)]
    pub day: Date,
    #[n(18)]
    pub at: Timestamp,
    #[n(19)]
    pub pause: Duration,
    #[n(20)]
    pub anything: Json,
    #[n(21)]
    pub list: Vec<String>,
    #[n(22)]
    pub by_name: BTreeMap<String, u32>,
    #[n(23)]
    pub by_number: BTreeMap<u32, String>,
    #[n(24)]
    pub maybe: Option<String>,
    #[n(25)]
    pub never: Option<String>,
    #[n(26)]
    pub tree: Tree,
    #[n(27)]
    pub colour: Colour,
    #[n(28)]
    pub shape: Shape,
    #[n(29)]
    #[default(7)]
    pub credit: u32,
}

/// A name of its own for an id.
pub struct ItemId(pub Uuid);

/// Contains itself.
pub struct Tree {
    #[n(1)]
    pub name: String,
    #[n(2)]
    pub branches: Vec<Tree>,
}

/// May grow.
#[non_exhaustive]
pub enum Colour {
    Red = 1,
    DarkGreen = 2,
}

/// One of several objects, known by its tag.
pub enum Shape {
    Circle {
        #[n(1)]
        radius: f64,
    } = 1,
    Square {
        #[n(1)]
        side_length: f64,
    } = 2,
    Nothing = 3,
}

/// Somebody who registers, with a rule for each field.
pub struct Person {
    #[n(1)]
    #[check(len = 3..=8)]
    pub name: String,
    #[n(2)]
    #[check(range = 18..=150)]
    pub age: u32,
    #[n(3)]
    #[check(unique)]
    pub tags: Vec<String>,
    #[n(4)]
    #[check(pattern = "^[^@]+@[^@]+$")]
    pub email: String,
    #[n(5)]
    pub friends: Vec<Friend>,
}

/// A friend of a person.
pub struct Friend {
    #[n(1)]
    #[check(len = 1..)]
    pub name: String,
}

/// What becomes of a call that has to fail.
pub enum Failing {
    /// With the contract's own error.
    Declared {
        #[n(1)]
        id: u32,
        #[n(2)]
        name: String,
    } = 1,
    /// With the contract's own error that has no fields.
    Busy = 2,
    /// With an error that nobody declared.
    Undeclared = 3,
    /// With an exception that is sent unchanged.
    Exception = 4,
    /// Not at all: the handler panics.
    Panic = 5,
}

/// The declared errors.
pub enum FailingError {
    #[error(conflict, "{name} has number {id} already", code = "NAME_TAKEN")]
    Taken {
        #[n(1)]
        id: u32,
        #[n(2)]
        name: String,
    } = 1,
    #[error(unavailable, "come back later", retryable)]
    Busy = 2,
}

/// How long a caller still waits.
pub struct Remaining {
    #[n(1)]
    pub millis: Option<u32>,
}

/// Messages of every shape.
#[service]
pub trait Checks {
    /// A bare payload.
    #[message("conformance.echo", idempotent)]
    fn echo(#[payload] text: String) -> String;

    /// An object pattern.
    #[message({ cmd: "sum", opts: { b: 1, a: true } }, idempotent, topic = "conformance-sum")]
    fn sum(#[payload] numbers: Vec<i32>) -> i64;

    /// Arguments with names.
    #[message("conformance.join")]
    fn join(first: String, second: u32, third: Option<String>) -> String;

    /// Every type, there and back.
    #[message("conformance.everything")]
    fn everything(#[payload] value: Everything) -> Everything;

    /// An answer without a value.
    #[message("conformance.nothing")]
    fn nothing();

    /// An answer that is no success.
    #[message("conformance.fail")]
    fn fail(how: Failing) -> Result<String, FailingError>;

    /// Answers its number when the gate of that number is opened.
    #[message("conformance.wait", timeout = "1m")]
    fn wait(gate: u32) -> u32;

    /// Answers nothing, a moment later.
    #[message("conformance.later")]
    fn later();

    /// How long the caller says that it waits.
    #[message("conformance.remaining", timeout = "1m")]
    fn remaining() -> Remaining;

    /// The headers of the request.
    #[message("conformance.headers")]
    fn headers() -> BTreeMap<String, String>;

    /// The headers of a call of `headers` that its handler makes as part of this one.
    #[message("conformance.relay")]
    fn relay() -> BTreeMap<String, String>;

    /// Input with rules.
    #[message("conformance.register")]
    fn register(person: Person) -> String;

    /// A message without an answer.
    #[message("conformance.note", oneway)]
    fn note(line: String);

    /// Something that was announced.
    #[event("conformance.announced")]
    fn announced(text: String);

    /// Something that must not be lost.
    #[event("conformance.stored", delivery = at_least_once)]
    fn stored(text: String);

    /// Something that must keep its order.
    #[event("conformance.ordered", delivery = at_least_once, key = key)]
    fn ordered(key: String, number: u32);
}

/// A service that answers nothing.
#[service]
pub trait Notes {
    #[message("conformance.jot", oneway)]
    fn jot(line: String);
}

/// A second service.
#[service]
pub trait More {
    #[message("conformance.more")]
    fn more() -> String;
}

/// A service that nobody serves.
#[service]
pub trait Absent {
    #[message("conformance.absent")]
    fn absent() -> String;
}
