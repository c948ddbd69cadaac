// @generated from contracts/scalars.rs by anywire-contracts 0.1.0. Do not edit.

/// Every built-in type.
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
pub mod scalars {
    use super::__anywire::__for_contracts_0_1_0 as anywire;
    use self::anywire::prelude::*;

    /// All scalars.
    ///
    /// Defined at `contracts/scalars.rs:5`.
    #[derive(Clone, Debug, PartialEq)]
    pub struct Scalars {
        /// Defined at `contracts/scalars.rs:6`.
        pub yes: bool,
        /// Defined at `contracts/scalars.rs:7`.
        pub tiny: i8,
        /// Defined at `contracts/scalars.rs:8`.
        pub small: i16,
        /// Defined at `contracts/scalars.rs:9`.
        pub medium: i32,
        /// Defined at `contracts/scalars.rs:10`.
        pub large: i64,
        /// Defined at `contracts/scalars.rs:11`.
        pub byte: u8,
        /// Defined at `contracts/scalars.rs:12`.
        pub short: u16,
        /// Defined at `contracts/scalars.rs:13`.
        pub word: u32,
        /// Defined at `contracts/scalars.rs:14`.
        pub long: u64,
        /// Defined at `contracts/scalars.rs:15`.
        pub single: f32,
        /// Defined at `contracts/scalars.rs:16`.
        pub double: f64,
        /// Defined at `contracts/scalars.rs:17`.
        pub text: String,
        /// Defined at `contracts/scalars.rs:18`.
        pub bytes: Bytes,
        /// Defined at `contracts/scalars.rs:19`.
        pub uuid: Uuid,
        /// Defined at `contracts/scalars.rs:20`.
        pub decimal: Decimal,
        /// Defined at `contracts/scalars.rs:21`.
        pub date: Date,
        /// Defined at `contracts/scalars.rs:22`.
        pub timestamp: Timestamp,
        /// Defined at `contracts/scalars.rs:23`.
        pub duration: Duration,
        /// Defined at `contracts/scalars.rs:24`.
        pub json: Json,
    }

    impl Scalars {
        /// A value of its fields.
        #[must_use]
        pub fn new(
            yes: bool,
            tiny: i8,
            small: i16,
            medium: i32,
            large: i64,
            byte: u8,
            short: u16,
            word: u32,
            long: u64,
            single: f32,
            double: f64,
            text: impl ::core::convert::Into<String>,
            bytes: Bytes,
            uuid: Uuid,
            decimal: Decimal,
            date: Date,
            timestamp: Timestamp,
            duration: Duration,
            json: Json,
        ) -> Self {
            Self {
                yes,
                tiny,
                small,
                medium,
                large,
                byte,
                short,
                word,
                long,
                single,
                double,
                text: text.into(),
                bytes,
                uuid,
                decimal,
                date,
                timestamp,
                duration,
                json,
            }
        }
    }

    #[automatically_derived]
    impl anywire::Wire for Scalars {
        fn encode(&self, to: &mut anywire::Writer) {
            to.begin_object();
            to.field("yes", &self.yes);
            to.field("tiny", &self.tiny);
            to.field("small", &self.small);
            to.field("medium", &self.medium);
            to.field("large", &self.large);
            to.field("byte", &self.byte);
            to.field("short", &self.short);
            to.field("word", &self.word);
            to.field("long", &self.long);
            to.field("single", &self.single);
            to.field("double", &self.double);
            to.field("text", &self.text);
            to.field("bytes", &self.bytes);
            to.field("uuid", &self.uuid);
            to.field("decimal", &self.decimal);
            to.field("date", &self.date);
            to.field("timestamp", &self.timestamp);
            to.field("duration", &self.duration);
            to.field("json", &self.json);
            to.end_object();
        }

        fn decode(from: &mut anywire::Reader<'_>) -> Result<Self, anywire::DecodeError> {
            const FIELDS: &[&str] = &[
                "yes",
                "tiny",
                "small",
                "medium",
                "large",
                "byte",
                "short",
                "word",
                "long",
                "single",
                "double",
                "text",
                "bytes",
                "uuid",
                "decimal",
                "date",
                "timestamp",
                "duration",
                "json",
            ];
            let mut yes = None;
            let mut tiny = None;
            let mut small = None;
            let mut medium = None;
            let mut large = None;
            let mut byte = None;
            let mut short = None;
            let mut word = None;
            let mut long = None;
            let mut single = None;
            let mut double = None;
            let mut text = None;
            let mut bytes = None;
            let mut uuid = None;
            let mut decimal = None;
            let mut date = None;
            let mut timestamp = None;
            let mut duration = None;
            let mut json = None;
            let mut object = from.object(FIELDS);
            while let Some(field) = object.next_field() {
                match field {
                    0 => object.read(&mut yes),
                    1 => object.read(&mut tiny),
                    2 => object.read(&mut small),
                    3 => object.read(&mut medium),
                    4 => object.read(&mut large),
                    5 => object.read(&mut byte),
                    6 => object.read(&mut short),
                    7 => object.read(&mut word),
                    8 => object.read(&mut long),
                    9 => object.read(&mut single),
                    10 => object.read(&mut double),
                    11 => object.read(&mut text),
                    12 => object.read(&mut bytes),
                    13 => object.read(&mut uuid),
                    14 => object.read(&mut decimal),
                    15 => object.read(&mut date),
                    16 => object.read(&mut timestamp),
                    17 => object.read(&mut duration),
                    18 => object.read(&mut json),
                    _ => object.skip(),
                }
            }
            let (
                true,
                Some(yes),
                Some(tiny),
                Some(small),
                Some(medium),
                Some(large),
                Some(byte),
                Some(short),
                Some(word),
                Some(long),
                Some(single),
                Some(double),
                Some(text),
                Some(bytes),
                Some(uuid),
                Some(decimal),
                Some(date),
                Some(timestamp),
                Some(duration),
                Some(json),
            ) = (
                object.is_sound(),
                yes,
                tiny,
                small,
                medium,
                large,
                byte,
                short,
                word,
                long,
                single,
                double,
                text,
                bytes,
                uuid,
                decimal,
                date,
                timestamp,
                duration,
                json,
            ) else {
                return Err(
                    object
                        .failure(
                            &[
                                0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16,
                                17, 18,
                            ],
                        ),
                );
            };
            Ok(Self {
                yes,
                tiny,
                small,
                medium,
                large,
                byte,
                short,
                word,
                long,
                single,
                double,
                text,
                bytes,
                uuid,
                decimal,
                date,
                timestamp,
                duration,
                json,
            })
        }
    }

    /// 64-bit integers as text.
    ///
    /// Defined at `contracts/scalars.rs:28`.
    #[derive(Clone, Debug, PartialEq, Eq, Hash)]
    pub struct Wide {
        /// Defined at `contracts/scalars.rs:30`.
        pub id: u64,
        /// Defined at `contracts/scalars.rs:32`.
        pub parent: Option<i64>,
        /// Defined at `contracts/scalars.rs:35`.
        pub revision: u64,
    }

    impl Wide {
        /// A value of its required fields; the others are empty or have their defaults.
        #[must_use]
        pub fn new(id: u64) -> Self {
            Self {
                id,
                parent: None,
                revision: 7,
            }
        }
    }

    #[automatically_derived]
    impl anywire::Wire for Wide {
        fn encode(&self, to: &mut anywire::Writer) {
            to.begin_object();
            to.field("id", &anywire::Text(self.id));
            to.optional("parent", &self.parent.map(anywire::Text));
            to.field("revision", &anywire::Text(self.revision));
            to.end_object();
        }

        fn decode(from: &mut anywire::Reader<'_>) -> Result<Self, anywire::DecodeError> {
            const FIELDS: &[&str] = &["id", "parent", "revision"];
            let mut id: Option<anywire::Text<u64>> = None;
            let mut parent: Option<anywire::Text<i64>> = None;
            let mut revision: Option<anywire::Text<u64>> = None;
            let mut object = from.object(FIELDS);
            while let Some(field) = object.next_field() {
                match field {
                    0 => object.read(&mut id),
                    1 => object.read_optional(&mut parent),
                    2 => object.read(&mut revision),
                    _ => object.skip(),
                }
            }
            let (true, Some(anywire::Text(id))) = (object.is_sound(), id) else {
                return Err(object.failure(&[0]));
            };
            Ok(Self {
                id,
                parent: parent.map(|text| text.0),
                revision: revision.map_or(7, |text| text.0),
            })
        }
    }

    /// Nothing yet.
    ///
    /// Defined at `contracts/scalars.rs:39`.
    #[derive(Clone, Debug, PartialEq, Eq, Hash)]
    pub struct Empty {}

    impl Empty {
        /// The only value.
        #[must_use]
        pub fn new() -> Self {
            Self {}
        }
    }

    #[automatically_derived]
    impl anywire::Wire for Empty {
        fn encode(&self, to: &mut anywire::Writer) {
            to.begin_object();
            to.end_object();
        }

        fn decode(from: &mut anywire::Reader<'_>) -> Result<Self, anywire::DecodeError> {
            from.object(&[]).finish()?;
            Ok(Self {})
        }
    }
}
