// @generated from contracts/nested.rs by anywire-contracts 0.1.0. Do not edit.

/// Checks inside of other values.
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
pub mod nested {
    use super::__anywire::__for_contracts_0_1_0 as anywire;
    use self::anywire::prelude::*;

    /// Defined at `contracts/nested.rs:4`.
    #[derive(Clone, Debug, PartialEq, Eq, Hash)]
    pub struct Person {
        /// Defined at `contracts/nested.rs:5`.
        pub address: Address,
        /// Defined at `contracts/nested.rs:6`.
        pub others: BTreeMap<String, Address>,
        /// Defined at `contracts/nested.rs:7`.
        pub contact: Option<Contact>,
        /// Defined at `contracts/nested.rs:9`.
        pub tag: Tag,
        /// Defined at `contracts/nested.rs:10`.
        pub note: String,
    }

    impl Person {
        /// A value of its required fields; the others are empty or have their defaults.
        #[must_use]
        pub fn new(
            address: Address,
            others: BTreeMap<String, Address>,
            tag: impl ::core::convert::Into<Tag>,
            note: impl ::core::convert::Into<String>,
        ) -> Self {
            Self {
                address,
                others,
                contact: None,
                tag: tag.into(),
                note: note.into(),
            }
        }
    }

    #[automatically_derived]
    impl anywire::Wire for Person {
        fn encode(&self, to: &mut anywire::Writer) {
            to.begin_object();
            to.field("address", &self.address);
            to.field("others", &self.others);
            to.optional("contact", &self.contact);
            to.field("tag", &self.tag);
            to.field("note", &self.note);
            to.end_object();
        }

        fn decode(from: &mut anywire::Reader<'_>) -> Result<Self, anywire::DecodeError> {
            const FIELDS: &[&str] = &["address", "others", "contact", "tag", "note"];
            let mut address = None;
            let mut others = None;
            let mut contact = None;
            let mut tag = None;
            let mut note = None;
            let mut object = from.object(FIELDS);
            while let Some(field) = object.next_field() {
                match field {
                    0 => object.read(&mut address),
                    1 => object.read(&mut others),
                    2 => object.read_optional(&mut contact),
                    3 => object.read(&mut tag),
                    4 => object.read(&mut note),
                    _ => object.skip(),
                }
            }
            let (true, Some(address), Some(others), Some(tag), Some(note)) = (
                object.is_sound(),
                address,
                others,
                tag,
                note,
            ) else {
                return Err(object.failure(&[0, 1, 3, 4]));
            };
            Ok(Self {
                address,
                others,
                contact,
                tag,
                note,
            })
        }

        fn check(&self, violations: &mut anywire::Violations) {
            violations.enter("address");
            anywire::Wire::check(&self.address, violations);
            violations.leave();
            violations.enter("others");
            anywire::Wire::check(&self.others, violations);
            violations.leave();
            violations.enter("contact");
            anywire::Wire::check(&self.contact, violations);
            violations.leave();
            violations.enter("tag");
            violations.len(&self.tag.0, 2..=2);
            anywire::Wire::check(&self.tag, violations);
            violations.leave();
        }
    }

    /// Defined at `contracts/nested.rs:14`.
    #[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
    pub struct Tag(pub String);

    #[automatically_derived]
    impl ::core::convert::From<String> for Tag {
        fn from(value: String) -> Self {
            Self(value)
        }
    }

    #[automatically_derived]
    impl ::core::convert::From<&str> for Tag {
        fn from(value: &str) -> Self {
            Self(value.into())
        }
    }

    #[automatically_derived]
    impl ::core::fmt::Display for Tag {
        fn fmt(&self, f: &mut ::core::fmt::Formatter<'_>) -> ::core::fmt::Result {
            ::core::fmt::Display::fmt(&self.0, f)
        }
    }

    #[automatically_derived]
    impl anywire::Wire for Tag {
        fn encode(&self, to: &mut anywire::Writer) {
            anywire::Wire::encode(&self.0, to);
        }

        fn decode(from: &mut anywire::Reader<'_>) -> Result<Self, anywire::DecodeError> {
            anywire::Wire::decode(from).map(Self)
        }

        fn check(&self, violations: &mut anywire::Violations) {
            static PATTERN: anywire::Pattern = anywire::Pattern::new("^[a-z]*$");
            violations.len(&self.0, 1..=8);
            violations.pattern(&self.0, &PATTERN);
        }
    }

    #[automatically_derived]
    impl anywire::MapKey for Tag {
        fn write_key(&self, to: &mut String) {
            anywire::MapKey::write_key(&self.0, to);
        }

        fn read_key(text: &str) -> Option<Self> {
            anywire::MapKey::read_key(text).map(Self)
        }
    }

    /// Defined at `contracts/nested.rs:16`.
    #[derive(Clone, Debug, PartialEq, Eq, Hash)]
    pub struct Address {
        /// Defined at `contracts/nested.rs:18`.
        pub street: String,
        /// Defined at `contracts/nested.rs:19`.
        pub city: String,
    }

    impl Address {
        /// A value of its fields.
        #[must_use]
        pub fn new(
            street: impl ::core::convert::Into<String>,
            city: impl ::core::convert::Into<String>,
        ) -> Self {
            Self {
                street: street.into(),
                city: city.into(),
            }
        }
    }

    #[automatically_derived]
    impl anywire::Wire for Address {
        fn encode(&self, to: &mut anywire::Writer) {
            to.begin_object();
            to.field("street", &self.street);
            to.field("city", &self.city);
            to.end_object();
        }

        fn decode(from: &mut anywire::Reader<'_>) -> Result<Self, anywire::DecodeError> {
            const FIELDS: &[&str] = &["street", "city"];
            let mut street = None;
            let mut city = None;
            let mut object = from.object(FIELDS);
            while let Some(field) = object.next_field() {
                match field {
                    0 => object.read(&mut street),
                    1 => object.read(&mut city),
                    _ => object.skip(),
                }
            }
            let (true, Some(street), Some(city)) = (object.is_sound(), street, city)
            else {
                return Err(object.failure(&[0, 1]));
            };
            Ok(Self { street, city })
        }

        fn check(&self, violations: &mut anywire::Violations) {
            violations.enter("street");
            violations.len(&self.street, 1..);
            violations.leave();
        }
    }

    /// Defined at `contracts/nested.rs:22`.
    #[derive(Clone, Debug, PartialEq, Eq, Hash)]
    pub enum Contact {
        /// Defined at `contracts/nested.rs:23`.
        Phone {
            /// Defined at `contracts/nested.rs:25`.
            number: String,
            /// Defined at `contracts/nested.rs:26`.
            note: String,
        },
        /// Defined at `contracts/nested.rs:28`.
        Visit {
            /// Defined at `contracts/nested.rs:29`.
            at: Address,
        },
        /// Defined at `contracts/nested.rs:31`.
        Never {},
        /// Defined at `contracts/nested.rs:32`.
        No,
    }

    #[automatically_derived]
    impl anywire::Wire for Contact {
        fn encode(&self, to: &mut anywire::Writer) {
            match self {
                Self::Phone { number, note } => {
                    to.begin_object();
                    to.tag("type", "Phone");
                    to.field("number", number);
                    to.field("note", note);
                    to.end_object();
                }
                Self::Visit { at } => {
                    to.begin_object();
                    to.tag("type", "Visit");
                    to.field("at", at);
                    to.end_object();
                }
                Self::Never {} => {
                    to.begin_object();
                    to.tag("type", "Never");
                    to.end_object();
                }
                Self::No => {
                    to.begin_object();
                    to.tag("type", "No");
                    to.end_object();
                }
            }
        }

        fn decode(from: &mut anywire::Reader<'_>) -> Result<Self, anywire::DecodeError> {
            const TAGS: &[&str] = &["Phone", "Visit", "Never", "No"];
            match from.tag("type", TAGS)? {
                Some(0) => {
                    const FIELDS: &[&str] = &["number", "note"];
                    let mut number = None;
                    let mut note = None;
                    let mut object = from.object(FIELDS);
                    while let Some(field) = object.next_field() {
                        match field {
                            0 => object.read(&mut number),
                            1 => object.read(&mut note),
                            _ => object.skip(),
                        }
                    }
                    let (true, Some(number), Some(note)) = (
                        object.is_sound(),
                        number,
                        note,
                    ) else {
                        return Err(object.failure(&[0, 1]));
                    };
                    Ok(Self::Phone { number, note })
                }
                Some(1) => {
                    const FIELDS: &[&str] = &["at"];
                    let mut at = None;
                    let mut object = from.object(FIELDS);
                    while let Some(field) = object.next_field() {
                        match field {
                            0 => object.read(&mut at),
                            _ => object.skip(),
                        }
                    }
                    let (true, Some(at)) = (object.is_sound(), at) else {
                        return Err(object.failure(&[0]));
                    };
                    Ok(Self::Visit { at })
                }
                Some(2) => {
                    from.object(&[]).finish()?;
                    Ok(Self::Never {})
                }
                Some(3) => {
                    from.object(&[]).finish()?;
                    Ok(Self::No)
                }
                _ => Err(anywire::Reader::unknown_tag("type", TAGS)),
            }
        }

        fn check(&self, violations: &mut anywire::Violations) {
            match self {
                Self::Phone { number, .. } => {
                    static NUMBER: anywire::Pattern = anywire::Pattern::new("^[0-9]+$");
                    violations.enter("number");
                    violations.pattern(number, &NUMBER);
                    violations.leave();
                }
                Self::Visit { at } => {
                    violations.enter("at");
                    anywire::Wire::check(at, violations);
                    violations.leave();
                }
                Self::Never { .. } | Self::No => {}
            }
        }
    }
}
