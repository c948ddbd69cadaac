// @generated from contracts/enums.rs by anywire-contracts 0.1.0. Do not edit.

/// Unit enums, closed and open.
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
pub mod enums {
    use super::__anywire::__for_contracts_0_1_0 as anywire;
    use self::anywire::prelude::*;

    /// Closed: another value does not decode.
    ///
    /// Defined at `contracts/enums.rs:5`.
    #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
    pub enum Color {
        /// Defined at `contracts/enums.rs:6`.
        Red,
        /// Defined at `contracts/enums.rs:8`.
        Green,
    }

    #[automatically_derived]
    impl ::core::fmt::Display for Color {
        fn fmt(&self, f: &mut ::core::fmt::Formatter<'_>) -> ::core::fmt::Result {
            match self {
                Self::Red => f.write_str("red"),
                Self::Green => f.write_str("GREEN"),
            }
        }
    }

    #[automatically_derived]
    impl anywire::Wire for Color {
        fn encode(&self, to: &mut anywire::Writer) {
            match self {
                Self::Red => to.string("red"),
                Self::Green => to.string("GREEN"),
            }
        }

        fn decode(from: &mut anywire::Reader<'_>) -> Result<Self, anywire::DecodeError> {
            const NAMES: &[&str] = &["red", "GREEN"];
            match from.variant(NAMES)? {
                Some(0) => Ok(Self::Red),
                Some(1) => Ok(Self::Green),
                _ => Err(anywire::Reader::unknown_variant(NAMES)),
            }
        }
    }

    /// May grow.
    ///
    /// Defined at `contracts/enums.rs:13`.
    #[derive(Clone, Debug, PartialEq, Eq, Hash)]
    #[non_exhaustive]
    pub enum Role {
        /// Defined at `contracts/enums.rs:14`.
        Admin,
        /// Defined at `contracts/enums.rs:15`.
        TeamMember,
        /// One that this version of the contract does not know; it is written back as it came.
        Unknown(anywire::Unrecognized),
    }

    #[automatically_derived]
    impl ::core::fmt::Display for Role {
        fn fmt(&self, f: &mut ::core::fmt::Formatter<'_>) -> ::core::fmt::Result {
            match self {
                Self::Admin => f.write_str("admin"),
                Self::TeamMember => f.write_str("team_member"),
                Self::Unknown(unknown) => ::core::fmt::Display::fmt(unknown, f),
            }
        }
    }

    #[automatically_derived]
    impl anywire::Wire for Role {
        fn encode(&self, to: &mut anywire::Writer) {
            match self {
                Self::Admin => to.string("admin"),
                Self::TeamMember => to.string("team_member"),
                Self::Unknown(unknown) => anywire::Wire::encode(unknown, to),
            }
        }

        fn decode(from: &mut anywire::Reader<'_>) -> Result<Self, anywire::DecodeError> {
            const NAMES: &[&str] = &["admin", "team_member"];
            match from.variant(NAMES)? {
                Some(0) => Ok(Self::Admin),
                Some(1) => Ok(Self::TeamMember),
                _ => Ok(Self::Unknown(anywire::Wire::decode(from)?)),
            }
        }
    }
}
