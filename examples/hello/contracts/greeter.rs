//! Greetings.
#![contract(package = "hello.v1")]

/// Why somebody is not greeted.
pub enum GreetError {
    /// Some names are not for people.
    #[error(forbidden, "{name} is not greeted here")]
    NotWelcome { name: String },
}

/// Greets people.
#[service]
pub trait Greeter {
    /// A greeting for a name.
    #[message({ cmd: "greet" }, timeout = "2s", idempotent)]
    fn greet(#[check(len = 1..=100)] name: String) -> Result<String, GreetError>;
}
