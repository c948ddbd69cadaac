//! Unit enums and data enums, closed and open.
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

/// Told apart by its type.
pub enum Payment {
    Card { last4: String, #[json(string)] amount: u64 },
    Cash {},
    Nothing,
}

/// May grow, with a tag of its own.
#[non_exhaustive]
#[tag("kind")]
pub enum Shape {
    Circle { radius: f64 },
    Boxed { inner: Box<Shape>, label: Option<String> },
}

#[service]
pub trait Enums {
    #[message("enums.paint")]
    fn paint(color: Color, role: Role, payment: Payment, shape: Shape);
}
