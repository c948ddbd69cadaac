// @generated from contracts/errors.rs by anywire-contracts 0.1.0. Do not edit.

/// Error enums.
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
pub mod errors {
    use super::__anywire::__for_contracts_0_1_0 as anywire;
    use self::anywire::prelude::*;

    /// Defined at `contracts/errors.rs:4`.
    #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
    pub struct UserId(pub Uuid);

    #[automatically_derived]
    impl ::core::convert::From<Uuid> for UserId {
        fn from(value: Uuid) -> Self {
            Self(value)
        }
    }

    #[automatically_derived]
    impl ::core::fmt::Display for UserId {
        fn fmt(&self, f: &mut ::core::fmt::Formatter<'_>) -> ::core::fmt::Result {
            ::core::fmt::Display::fmt(&self.0, f)
        }
    }

    #[automatically_derived]
    impl anywire::Wire for UserId {
        fn encode(&self, to: &mut anywire::Writer) {
            anywire::Wire::encode(&self.0, to);
        }

        fn decode(from: &mut anywire::Reader<'_>) -> Result<Self, anywire::DecodeError> {
            anywire::Wire::decode(from).map(Self)
        }
    }

    /// What can go wrong with a user.
    ///
    /// Defined at `contracts/errors.rs:7`.
    #[derive(Clone, Debug, PartialEq, Eq, Hash)]
    pub enum UserError {
        /// Defined at `contracts/errors.rs:9`.
        NotFound {
            /// Defined at `contracts/errors.rs:9`.
            user_id: UserId,
        },
        /// Defined at `contracts/errors.rs:11`.
        EmailTaken {
            /// Defined at `contracts/errors.rs:12`.
            email: String,
            /// Defined at `contracts/errors.rs:13`.
            hint: String,
            /// Defined at `contracts/errors.rs:14`.
            others: Vec<String>,
        },
        /// Defined at `contracts/errors.rs:17`.
        DirectoryDown,
    }

    #[automatically_derived]
    impl ::core::fmt::Display for UserError {
        fn fmt(&self, f: &mut ::core::fmt::Formatter<'_>) -> ::core::fmt::Result {
            match self {
                Self::NotFound { user_id } => {
                    ::core::write!(f, "User {user_id} not found")
                }
                Self::EmailTaken { email, hint, .. } => {
                    ::core::write!(f, "{email} is {{taken}}, try {hint}")
                }
                Self::DirectoryDown => f.write_str("the directory is down"),
            }
        }
    }

    #[automatically_derived]
    impl ::core::error::Error for UserError {}

    #[automatically_derived]
    impl anywire::ContractError for UserError {
        const TYPE: &'static str = "golden.errors.v1.UserError";

        fn code(&self) -> &'static str {
            match self {
                Self::NotFound { .. } => "NOT_FOUND",
                Self::EmailTaken { .. } => "EMAIL_TAKEN",
                Self::DirectoryDown => "DIRECTORY_DOWN",
            }
        }

        fn kind(&self) -> anywire::Kind {
            match self {
                Self::NotFound { .. } => anywire::Kind::NotFound,
                Self::EmailTaken { .. } => anywire::Kind::Conflict,
                Self::DirectoryDown => anywire::Kind::Unavailable,
            }
        }

        fn is_retryable(&self) -> bool {
            ::core::matches!(self, Self::DirectoryDown)
        }

        fn encode_details(&self, to: &mut anywire::Writer) {
            to.begin_object();
            match self {
                Self::NotFound { user_id } => {
                    to.field("userId", user_id);
                }
                Self::EmailTaken { email, hint, others } => {
                    to.field("email", email);
                    to.field("hint", hint);
                    to.field("others", others);
                }
                Self::DirectoryDown => {}
            }
            to.end_object();
        }

        fn decode_details(
            code: &str,
            details: &mut anywire::Reader<'_>,
        ) -> Result<Option<Self>, anywire::DecodeError> {
            let error = match code {
                "NOT_FOUND" => {
                    const FIELDS: &[&str] = &["userId"];
                    let mut user_id = None;
                    let mut object = details.object(FIELDS);
                    while let Some(field) = object.next_field() {
                        match field {
                            0 => object.read(&mut user_id),
                            _ => object.skip(),
                        }
                    }
                    let (true, Some(user_id)) = (object.is_sound(), user_id) else {
                        return Err(object.failure(&[0]));
                    };
                    Self::NotFound { user_id }
                }
                "EMAIL_TAKEN" => {
                    const FIELDS: &[&str] = &["email", "hint", "others"];
                    let mut email = None;
                    let mut hint = None;
                    let mut others = None;
                    let mut object = details.object(FIELDS);
                    while let Some(field) = object.next_field() {
                        match field {
                            0 => object.read(&mut email),
                            1 => object.read(&mut hint),
                            2 => object.read(&mut others),
                            _ => object.skip(),
                        }
                    }
                    let (true, Some(email), Some(hint), Some(others)) = (
                        object.is_sound(),
                        email,
                        hint,
                        others,
                    ) else {
                        return Err(object.failure(&[0, 1, 2]));
                    };
                    Self::EmailTaken {
                        email,
                        hint,
                        others,
                    }
                }
                "DIRECTORY_DOWN" => {
                    details.object(&[]).finish()?;
                    Self::DirectoryDown
                }
                _ => return Ok(None),
            };
            Ok(Some(error))
        }
    }

    /// One that has no fields at all.
    ///
    /// Defined at `contracts/errors.rs:21`.
    #[derive(Clone, Debug, PartialEq, Eq, Hash)]
    pub enum Refused {
        /// Defined at `contracts/errors.rs:23`.
        NotYou {},
    }

    #[automatically_derived]
    impl ::core::fmt::Display for Refused {
        fn fmt(&self, f: &mut ::core::fmt::Formatter<'_>) -> ::core::fmt::Result {
            match self {
                Self::NotYou { .. } => f.write_str("not you"),
            }
        }
    }

    #[automatically_derived]
    impl ::core::error::Error for Refused {}

    #[automatically_derived]
    impl anywire::ContractError for Refused {
        const TYPE: &'static str = "golden.errors.v1.Refused";

        fn code(&self) -> &'static str {
            match self {
                Self::NotYou { .. } => "NOT_YOU",
            }
        }

        fn kind(&self) -> anywire::Kind {
            match self {
                Self::NotYou { .. } => anywire::Kind::Forbidden,
            }
        }

        fn encode_details(&self, to: &mut anywire::Writer) {
            to.begin_object();
            to.end_object();
        }

        fn decode_details(
            code: &str,
            details: &mut anywire::Reader<'_>,
        ) -> Result<Option<Self>, anywire::DecodeError> {
            let error = match code {
                "NOT_YOU" => {
                    details.object(&[]).finish()?;
                    Self::NotYou {}
                }
                _ => return Ok(None),
            };
            Ok(Some(error))
        }
    }
}
