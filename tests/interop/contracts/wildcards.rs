//! What only transports with wildcards carry.
#![contract(package = "interop.wildcards.v1", rename_all = "camelCase")]

#[service]
pub trait Scores {
    #[event("scored.{level}")]
    fn scored(level: u32, user_id: String);
}
