//! What every transport is asked to carry.
#![contract(package = "conformance.v1", rename_all = "camelCase")]

/// A value of every type that the language has.
pub struct Everything {
    pub flag: bool,
    pub tiny: i8,
    pub small: i16,
    pub int: i32,
    pub big: i64,
    pub unsigned_tiny: u8,
    pub unsigned_small: u16,
    pub unsigned_int: u32,
    pub unsigned_big: u64,
    #[json(string)]
    pub revision: u64,
    pub single: f32,
    pub double: f64,
    pub text: String,
    pub bytes: Bytes,
    pub id: ItemId,
    pub price: Decimal,
    pub day: Date,
    pub at: Timestamp,
    pub pause: Duration,
    pub anything: Json,
    pub list: Vec<String>,
    pub by_name: BTreeMap<String, u32>,
    pub by_number: BTreeMap<u32, String>,
    pub maybe: Option<String>,
    pub never: Option<String>,
    pub tree: Tree,
    pub colour: Colour,
    pub shape: Shape,
    #[default(7)]
    pub credit: u32,
}

/// A name of its own for an id.
pub struct ItemId(pub Uuid);

/// Contains itself.
pub struct Tree {
    pub name: String,
    pub branches: Vec<Tree>,
}

/// May grow.
#[non_exhaustive]
pub enum Colour {
    Red,
    DarkGreen,
}

/// One of several objects, known by its tag.
pub enum Shape {
    Circle { radius: f64 },
    Square { side_length: f64 },
    Nothing,
}

/// Somebody who registers, with a rule for each field.
pub struct Person {
    #[check(len = 3..=8)]
    pub name: String,
    #[check(range = 18..=150)]
    pub age: u32,
    #[check(unique)]
    pub tags: Vec<String>,
    #[check(pattern = "^[^@]+@[^@]+$")]
    pub email: String,
    pub friends: Vec<Friend>,
}

/// A friend of a person.
pub struct Friend {
    #[check(len = 1..)]
    pub name: String,
}

/// What becomes of a call that has to fail.
pub enum Failing {
    /// With the contract's own error.
    Declared { id: u32, name: String },
    /// With the contract's own error that has no fields.
    Busy,
    /// With an error that nobody declared.
    Undeclared,
    /// With an exception that is sent unchanged.
    Exception,
    /// Not at all: the handler panics.
    Panic,
}

/// The declared errors.
pub enum FailingError {
    #[error(conflict, "{name} has number {id} already", code = "NAME_TAKEN")]
    Taken { id: u32, name: String },
    #[error(unavailable, "come back later", retryable)]
    Busy,
}

/// How long a caller still waits.
pub struct Remaining {
    pub millis: Option<u32>,
}

/// Messages of every shape.
#[service]
pub trait Checks {
    /// A bare payload.
    #[message("conformance.echo", idempotent)]
    fn echo(#[payload] text: String) -> String;

    /// An object pattern.
    #[message({ cmd: "sum", opts: { b: 1, a: true } }, idempotent)]
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
