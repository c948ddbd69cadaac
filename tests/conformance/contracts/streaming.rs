//! Streams, for the transports that carry them.
#![contract(package = "conformance.streaming.v1", rename_all = "camelCase", encodings(json, proto))]

/// One value of many.
pub struct Item {
    #[n(1)]
    pub number: u64,
    #[n(2)]
    #[check(len = ..=40)]
    pub text: String,
}

/// One header.
pub struct Header {
    #[n(1)]
    pub name: String,
    #[n(2)]
    pub value: String,
}

/// What a stream comes to.
pub enum Ending {
    Well = 1,
    Declared = 2,
    Undeclared = 3,
    Exception = 4,
    Panic = 5,
}

/// The declared errors.
pub enum StreamingError {
    #[error(aborted, "broken off at {number}", code = "BROKEN_OFF")]
    BrokenOff {
        #[n(1)]
        number: u64,
        #[n(2)]
        reason: String,
    } = 1,
}

/// Answers with streams.
#[service]
pub trait Streaming {
    /// That many items, numbered from `first` or 1, and then the end that is asked for.
    #[message("streaming.count")]
    fn count(
        #[check(range = ..=100_000)] values: u32,
        first: Option<u64>,
        ending: Option<Ending>,
    ) -> Result<Stream<Item>, StreamingError>;

    /// No stream at all.
    #[message("streaming.refuse")]
    fn refuse(how: Ending) -> Result<Stream<Item>, StreamingError>;

    /// The numbers from 0, each when its gate is opened: `gate`, `gate + 1`, and
    /// so on. One that lingers has a gate for its end as well.
    #[message({ cmd: "streaming.follow" }, topic = "conformance-follow")]
    fn follow(gate: u32, values: u32, lingers: Option<bool>) -> Stream<u32>;

    /// Texts of that length, without an end and without a pause.
    #[message("streaming.flood")]
    fn flood(name: u32, #[check(range = 1..)] size: u32) -> Stream<String>;

    /// The headers of the request.
    #[message("streaming.headers")]
    fn headers() -> Stream<Header>;

    /// A call beside the streams.
    #[message("streaming.ping")]
    fn ping(number: u32) -> u32;
}

/// A service that nobody serves.
#[service]
pub trait Nowhere {
    #[message("streaming.nowhere")]
    fn nowhere() -> Stream<u32>;
}

/// What an upload came to.
pub struct Sum {
    #[n(1)]
    pub items: u32,
    #[n(2)]
    pub total: u64,
}

/// Takes streams.
#[service]
pub trait Uploading {
    /// How many there are, and their sum. Number 13 breaks it off, and 666 is a panic.
    #[message("uploading.sum")]
    fn sum(items: Stream<Item>) -> Result<Sum, StreamingError>;

    /// The numbers of the first three, whatever else comes.
    #[message("uploading.three")]
    fn three(items: Stream<Item>) -> Vec<u64>;

    /// Each item back, as it comes. Number 13 breaks it off.
    #[message("uploading.echo")]
    fn echo(items: Stream<Item>) -> Result<Stream<Item>, StreamingError>;

    /// The value of the header `tenant`.
    #[message("uploading.tenant")]
    fn tenant(items: Stream<Item>) -> String;

    /// A call beside the streams.
    #[message("uploading.beside")]
    fn beside(number: u32) -> u32;
}

/// A service that nobody serves.
#[service]
pub trait Unloading {
    #[message("uploading.nowhere")]
    fn unload(items: Stream<Item>) -> u32;
}
