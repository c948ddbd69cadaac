//! Data enums, closed and open.
#![contract(package = "golden.unions.v1", rename_all = "snake_case")]

/// Told apart by its type.
pub enum Payment {
    Card {
        last4: String,
        #[json(string)]
        amount: u64,
    },
    Cash {},
    Nothing,
}

/// May grow, with a tag of its own.
#[non_exhaustive]
#[tag("kind")]
pub enum Shape {
    Circle {
        radius: f64,
    },
    Boxed {
        inner: Box<Shape>,
        label: Option<String>,
    },
}
