// @generated from contracts/containers.rs by anywire-contracts 0.1.0. Do not edit.

/// Types that hold others.
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
pub mod containers {
    use super::__anywire::__for_contracts_0_1_0 as anywire;
    use self::anywire::prelude::*;
    use super::scalars::Wide;

    /// What holds other types.
    ///
    /// Defined at `contracts/containers.rs:7`.
    #[derive(Clone, Debug, PartialEq, Eq)]
    pub struct Containers {
        /// Defined at `contracts/containers.rs:8`.
        pub list: Vec<Wide>,
        /// Defined at `contracts/containers.rs:9`.
        pub sorted: BTreeMap<Key, Wide>,
        /// Defined at `contracts/containers.rs:10`.
        pub hashed: HashMap<u32, String>,
        /// Defined at `contracts/containers.rs:11`.
        pub boxed: Option<Box<Containers>>,
    }

    impl Containers {
        /// A value of its required fields; the others are empty or have their defaults.
        #[must_use]
        pub fn new(
            list: Vec<Wide>,
            sorted: BTreeMap<Key, Wide>,
            hashed: HashMap<u32, String>,
        ) -> Self {
            Self {
                list,
                sorted,
                hashed,
                boxed: None,
            }
        }
    }

    #[automatically_derived]
    impl anywire::Wire for Containers {
        fn encode(&self, to: &mut anywire::Writer) {
            to.begin_object();
            to.field("list", &self.list);
            to.field("sorted", &self.sorted);
            to.field("hashed", &self.hashed);
            to.optional("boxed", &self.boxed);
            to.end_object();
        }

        fn decode(from: &mut anywire::Reader<'_>) -> Result<Self, anywire::DecodeError> {
            const FIELDS: &[&str] = &["list", "sorted", "hashed", "boxed"];
            let mut list = None;
            let mut sorted = None;
            let mut hashed = None;
            let mut boxed = None;
            let mut object = from.object(FIELDS);
            while let Some(field) = object.next_field() {
                match field {
                    0 => object.read(&mut list),
                    1 => object.read(&mut sorted),
                    2 => object.read(&mut hashed),
                    3 => object.read_optional(&mut boxed),
                    _ => object.skip(),
                }
            }
            let (true, Some(list), Some(sorted), Some(hashed)) = (
                object.is_sound(),
                list,
                sorted,
                hashed,
            ) else {
                return Err(object.failure(&[0, 1, 2]));
            };
            Ok(Self {
                list,
                sorted,
                hashed,
                boxed,
            })
        }
    }

    /// A key of a map.
    ///
    /// Defined at `contracts/containers.rs:15`.
    #[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
    pub struct Key(pub String);

    #[automatically_derived]
    impl ::core::convert::From<String> for Key {
        fn from(value: String) -> Self {
            Self(value)
        }
    }

    #[automatically_derived]
    impl ::core::convert::From<&str> for Key {
        fn from(value: &str) -> Self {
            Self(value.into())
        }
    }

    #[automatically_derived]
    impl ::core::fmt::Display for Key {
        fn fmt(&self, f: &mut ::core::fmt::Formatter<'_>) -> ::core::fmt::Result {
            ::core::fmt::Display::fmt(&self.0, f)
        }
    }

    #[automatically_derived]
    impl anywire::Wire for Key {
        fn encode(&self, to: &mut anywire::Writer) {
            anywire::Wire::encode(&self.0, to);
        }

        fn decode(from: &mut anywire::Reader<'_>) -> Result<Self, anywire::DecodeError> {
            anywire::Wire::decode(from).map(Self)
        }
    }

    #[automatically_derived]
    impl anywire::MapKey for Key {
        fn write_key(&self, to: &mut String) {
            anywire::MapKey::write_key(&self.0, to);
        }

        fn read_key(text: &str) -> Option<Self> {
            anywire::MapKey::read_key(text).map(Self)
        }
    }

    /// An alias.
    ///
    /// Defined at `contracts/containers.rs:18`.
    pub type Names = Vec<String>;
}
