// @generated from contracts/unions.rs by anywire-contracts 0.1.0. Do not edit.

/// Data enums, closed and open.
#[allow(
    dead_code,
    nonstandard_style,
    unreachable_pub,
    unused_imports,
    unused_qualifications,
    reason = "nobody uses all of a contract, and it stands wherever it is included"
)]
#[allow(
    clippy::doc_markdown,
    clippy::enum_variant_names,
    clippy::large_enum_variant,
    clippy::match_same_arms,
    clippy::module_name_repetitions,
    clippy::new_without_default,
    clippy::pub_underscore_fields,
    clippy::similar_names,
    clippy::struct_excessive_bools,
    clippy::struct_field_names,
    clippy::too_many_arguments,
    clippy::too_many_lines,
    clippy::unreadable_literal,
    clippy::used_underscore_binding,
    clippy::wildcard_imports,
    clippy::zero_sized_map_values,
    reason = "the contract decides about names, sizes and numbers"
)]
pub mod unions {
    use super::__anywire::__for_contracts_0_1_0 as anywire;
    use self::anywire::prelude::*;

    /// Told apart by its type.
    ///
    /// Defined at `contracts/unions.rs:5`.
    #[derive(Clone, Debug, PartialEq, Eq, Hash)]
    pub enum Payment {
        /// Defined at `contracts/unions.rs:6`.
        Card {
            /// Defined at `contracts/unions.rs:7`.
            last4: String,
            /// Defined at `contracts/unions.rs:9`.
            amount: u64,
        },
        /// Defined at `contracts/unions.rs:11`.
        Cash {},
        /// Defined at `contracts/unions.rs:12`.
        Nothing,
    }

    #[automatically_derived]
    impl anywire::Wire for Payment {
        fn encode(&self, to: &mut anywire::Writer) {
            match self {
                Self::Card { last4, amount } => {
                    to.begin_object();
                    to.tag("type", "card");
                    to.field("last4", last4);
                    to.field("amount", &anywire::Text(*amount));
                    to.end_object();
                }
                Self::Cash {} => {
                    to.begin_object();
                    to.tag("type", "cash");
                    to.end_object();
                }
                Self::Nothing => {
                    to.begin_object();
                    to.tag("type", "nothing");
                    to.end_object();
                }
            }
        }

        fn decode(from: &mut anywire::Reader<'_>) -> Result<Self, anywire::DecodeError> {
            const TAGS: &[&str] = &["card", "cash", "nothing"];
            match from.tag("type", TAGS)? {
                Some(0) => {
                    const FIELDS: &[&str] = &["last4", "amount"];
                    let mut last4 = None;
                    let mut amount: Option<anywire::Text<u64>> = None;
                    let mut object = from.object(FIELDS);
                    while let Some(field) = object.next_field() {
                        match field {
                            0 => object.read(&mut last4),
                            1 => object.read(&mut amount),
                            _ => object.skip(),
                        }
                    }
                    let (true, Some(last4), Some(anywire::Text(amount))) = (
                        object.is_sound(),
                        last4,
                        amount,
                    ) else {
                        return Err(object.failure(&[0, 1]));
                    };
                    Ok(Self::Card { last4, amount })
                }
                Some(1) => {
                    from.object(&[]).finish()?;
                    Ok(Self::Cash {})
                }
                Some(2) => {
                    from.object(&[]).finish()?;
                    Ok(Self::Nothing)
                }
                _ => Err(anywire::Reader::unknown_tag("type", TAGS)),
            }
        }
    }

    /// May grow, with a tag of its own.
    ///
    /// Defined at `contracts/unions.rs:18`.
    #[derive(Clone, Debug, PartialEq)]
    #[non_exhaustive]
    pub enum Shape {
        /// Defined at `contracts/unions.rs:19`.
        Circle {
            /// Defined at `contracts/unions.rs:20`.
            radius: f64,
        },
        /// Defined at `contracts/unions.rs:22`.
        Boxed {
            /// Defined at `contracts/unions.rs:23`.
            inner: Box<Shape>,
            /// Defined at `contracts/unions.rs:24`.
            label: Option<String>,
        },
        /// One that this version of the contract does not know; it is written back as it came.
        Unknown(anywire::Unrecognized),
    }

    #[automatically_derived]
    impl anywire::Wire for Shape {
        fn encode(&self, to: &mut anywire::Writer) {
            match self {
                Self::Circle { radius } => {
                    to.begin_object();
                    to.tag("kind", "circle");
                    to.field("radius", radius);
                    to.end_object();
                }
                Self::Boxed { inner, label } => {
                    to.begin_object();
                    to.tag("kind", "boxed");
                    to.field("inner", inner);
                    to.optional("label", label);
                    to.end_object();
                }
                Self::Unknown(unknown) => anywire::Wire::encode(unknown, to),
            }
        }

        fn decode(from: &mut anywire::Reader<'_>) -> Result<Self, anywire::DecodeError> {
            const TAGS: &[&str] = &["circle", "boxed"];
            match from.tag("kind", TAGS)? {
                Some(0) => {
                    const FIELDS: &[&str] = &["radius"];
                    let mut radius = None;
                    let mut object = from.object(FIELDS);
                    while let Some(field) = object.next_field() {
                        match field {
                            0 => object.read(&mut radius),
                            _ => object.skip(),
                        }
                    }
                    let (true, Some(radius)) = (object.is_sound(), radius) else {
                        return Err(object.failure(&[0]));
                    };
                    Ok(Self::Circle { radius })
                }
                Some(1) => {
                    const FIELDS: &[&str] = &["inner", "label"];
                    let mut inner = None;
                    let mut label = None;
                    let mut object = from.object(FIELDS);
                    while let Some(field) = object.next_field() {
                        match field {
                            0 => object.read(&mut inner),
                            1 => object.read_optional(&mut label),
                            _ => object.skip(),
                        }
                    }
                    let (true, Some(inner)) = (object.is_sound(), inner) else {
                        return Err(object.failure(&[0]));
                    };
                    Ok(Self::Boxed { inner, label })
                }
                _ => Ok(Self::Unknown(anywire::Wire::decode(from)?)),
            }
        }
    }
}
