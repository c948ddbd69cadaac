//! Unit enums, closed and open.
#![contract(package = "golden.enums.v1", rename_all = "snake_case")]

/// Closed: another value does not decode.
pub enum Color {
    Red,
    #[name("GREEN")]
    Green,
}

/// May grow.
#[non_exhaustive]
pub enum Role {
    Admin,
    TeamMember,
}
