// @generated from contracts/defaults.rs by anywire-contracts 0.1.0. Do not edit.

/// Optional fields and defaults.
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
pub mod defaults {
    use super::__anywire::__for_contracts_0_1_0 as anywire;
    use self::anywire::prelude::*;

    /// A page of a list.
    ///
    /// Defined at `contracts/defaults.rs:5`.
    #[derive(Clone, Debug, PartialEq)]
    pub struct Page {
        /// Defined at `contracts/defaults.rs:6`.
        pub nick_name: Option<String>,
        /// Defined at `contracts/defaults.rs:8`.
        pub page_size: u32,
        /// Defined at `contracts/defaults.rs:10`.
        pub least: f64,
        /// Defined at `contracts/defaults.rs:12`.
        pub is_sorted: bool,
        /// Defined at `contracts/defaults.rs:14`.
        pub sort_by: String,
        /// Defined at `contracts/defaults.rs:16`.
        pub tags: Vec<String>,
        /// Defined at `contracts/defaults.rs:18`.
        pub counts: BTreeMap<String, u32>,
        /// Defined at `contracts/defaults.rs:20`.
        pub order: Order,
        /// Defined at `contracts/defaults.rs:22`.
        pub wait: Duration,
        /// Defined at `contracts/defaults.rs:24`.
        pub price: Decimal,
        /// Defined at `contracts/defaults.rs:26`.
        pub level: Level,
    }

    impl Page {
        /// A value whose fields are empty or have their defaults.
        #[must_use]
        pub fn new() -> Self {
            Self {
                nick_name: None,
                page_size: 20,
                least: -1.5,
                is_sorted: true,
                sort_by: String::from("name"),
                tags: Vec::new(),
                counts: BTreeMap::new(),
                order: Order::Descending,
                wait: Duration::from_millis(1500),
                price: anywire::decimal("0.50"),
                level: Level(3),
            }
        }
    }

    #[automatically_derived]
    impl anywire::Wire for Page {
        fn encode(&self, to: &mut anywire::Writer) {
            to.begin_object();
            to.optional("nickName", &self.nick_name);
            to.field("pageSize", &self.page_size);
            to.field("least", &self.least);
            to.field("isSorted", &self.is_sorted);
            to.field("sortBy", &self.sort_by);
            to.field("tags", &self.tags);
            to.field("counts", &self.counts);
            to.field("order", &self.order);
            to.field("wait", &self.wait);
            to.field("price", &self.price);
            to.field("level", &self.level);
            to.end_object();
        }

        fn decode(from: &mut anywire::Reader<'_>) -> Result<Self, anywire::DecodeError> {
            const FIELDS: &[&str] = &[
                "nickName",
                "pageSize",
                "least",
                "isSorted",
                "sortBy",
                "tags",
                "counts",
                "order",
                "wait",
                "price",
                "level",
            ];
            let mut nick_name = None;
            let mut page_size = None;
            let mut least = None;
            let mut is_sorted = None;
            let mut sort_by = None;
            let mut tags = None;
            let mut counts = None;
            let mut order = None;
            let mut wait = None;
            let mut price = None;
            let mut level = None;
            let mut object = from.object(FIELDS);
            while let Some(field) = object.next_field() {
                match field {
                    0 => object.read_optional(&mut nick_name),
                    1 => object.read(&mut page_size),
                    2 => object.read(&mut least),
                    3 => object.read(&mut is_sorted),
                    4 => object.read(&mut sort_by),
                    5 => object.read(&mut tags),
                    6 => object.read(&mut counts),
                    7 => object.read(&mut order),
                    8 => object.read(&mut wait),
                    9 => object.read(&mut price),
                    10 => object.read(&mut level),
                    _ => object.skip(),
                }
            }
            object.finish()?;
            Ok(Self {
                nick_name,
                page_size: page_size.unwrap_or(20),
                least: least.unwrap_or(-1.5),
                is_sorted: is_sorted.unwrap_or(true),
                sort_by: sort_by.unwrap_or_else(|| String::from("name")),
                tags: tags.unwrap_or_default(),
                counts: counts.unwrap_or_default(),
                order: order.unwrap_or(Order::Descending),
                wait: wait.unwrap_or(Duration::from_millis(1500)),
                price: price.unwrap_or_else(|| anywire::decimal("0.50")),
                level: level.unwrap_or(Level(3)),
            })
        }
    }

    /// Defined at `contracts/defaults.rs:29`.
    #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
    pub enum Order {
        /// Defined at `contracts/defaults.rs:30`.
        Ascending,
        /// Defined at `contracts/defaults.rs:31`.
        Descending,
    }

    #[automatically_derived]
    impl ::core::fmt::Display for Order {
        fn fmt(&self, f: &mut ::core::fmt::Formatter<'_>) -> ::core::fmt::Result {
            match self {
                Self::Ascending => f.write_str("ascending"),
                Self::Descending => f.write_str("descending"),
            }
        }
    }

    #[automatically_derived]
    impl anywire::Wire for Order {
        fn encode(&self, to: &mut anywire::Writer) {
            match self {
                Self::Ascending => to.string("ascending"),
                Self::Descending => to.string("descending"),
            }
        }

        fn decode(from: &mut anywire::Reader<'_>) -> Result<Self, anywire::DecodeError> {
            const NAMES: &[&str] = &["ascending", "descending"];
            match from.variant(NAMES)? {
                Some(0) => Ok(Self::Ascending),
                Some(1) => Ok(Self::Descending),
                _ => Err(anywire::Reader::unknown_variant(NAMES)),
            }
        }
    }

    /// Defined at `contracts/defaults.rs:34`.
    #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
    pub struct Level(pub u8);

    #[automatically_derived]
    impl ::core::convert::From<u8> for Level {
        fn from(value: u8) -> Self {
            Self(value)
        }
    }

    #[automatically_derived]
    impl ::core::fmt::Display for Level {
        fn fmt(&self, f: &mut ::core::fmt::Formatter<'_>) -> ::core::fmt::Result {
            ::core::fmt::Display::fmt(&self.0, f)
        }
    }

    #[automatically_derived]
    impl anywire::Wire for Level {
        fn encode(&self, to: &mut anywire::Writer) {
            anywire::Wire::encode(&self.0, to);
        }

        fn decode(from: &mut anywire::Reader<'_>) -> Result<Self, anywire::DecodeError> {
            anywire::Wire::decode(from).map(Self)
        }
    }

    #[automatically_derived]
    impl anywire::MapKey for Level {
        fn write_key(&self, to: &mut String) {
            anywire::MapKey::write_key(&self.0, to);
        }

        fn read_key(text: &str) -> Option<Self> {
            anywire::MapKey::read_key(text).map(Self)
        }
    }
}
