// @generated from contracts/checks.rs by anywire-contracts 0.1.0. Do not edit.

/// Checks on input.
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
pub mod checks {
    use super::__anywire::__for_contracts_0_1_0 as anywire;
    use self::anywire::prelude::*;
    use super::nested::Tag;

    /// Defined at `contracts/checks.rs:6`.
    #[derive(Clone, Debug, PartialEq)]
    pub struct SignUp {
        /// Defined at `contracts/checks.rs:8`.
        pub email_address: String,
        /// Defined at `contracts/checks.rs:10`.
        pub nick_name: Option<String>,
        /// Defined at `contracts/checks.rs:12`.
        pub age: u8,
        /// Defined at `contracts/checks.rs:14`.
        pub score: f64,
        /// Defined at `contracts/checks.rs:16`.
        pub price: Decimal,
        /// Defined at `contracts/checks.rs:18`.
        pub wait: Duration,
        /// Defined at `contracts/checks.rs:20`.
        pub tags: Vec<Tag>,
        /// Defined at `contracts/checks.rs:22`.
        pub bytes: Option<Box<Bytes>>,
    }

    impl SignUp {
        /// A value of its required fields; the others are empty or have their defaults.
        #[must_use]
        pub fn new(
            email_address: impl ::core::convert::Into<String>,
            age: u8,
            score: f64,
            price: Decimal,
            wait: Duration,
            tags: Vec<Tag>,
        ) -> Self {
            Self {
                email_address: email_address.into(),
                nick_name: None,
                age,
                score,
                price,
                wait,
                tags,
                bytes: None,
            }
        }
    }

    #[automatically_derived]
    impl anywire::Wire for SignUp {
        fn encode(&self, to: &mut anywire::Writer) {
            to.begin_object();
            to.field("emailAddress", &self.email_address);
            to.optional("nickName", &self.nick_name);
            to.field("age", &self.age);
            to.field("score", &self.score);
            to.field("price", &self.price);
            to.field("wait", &self.wait);
            to.field("tags", &self.tags);
            to.optional("bytes", &self.bytes);
            to.end_object();
        }

        fn decode(from: &mut anywire::Reader<'_>) -> Result<Self, anywire::DecodeError> {
            const FIELDS: &[&str] = &[
                "emailAddress",
                "nickName",
                "age",
                "score",
                "price",
                "wait",
                "tags",
                "bytes",
            ];
            let mut email_address = None;
            let mut nick_name = None;
            let mut age = None;
            let mut score = None;
            let mut price = None;
            let mut wait = None;
            let mut tags = None;
            let mut bytes = None;
            let mut object = from.object(FIELDS);
            while let Some(field) = object.next_field() {
                match field {
                    0 => object.read(&mut email_address),
                    1 => object.read_optional(&mut nick_name),
                    2 => object.read(&mut age),
                    3 => object.read(&mut score),
                    4 => object.read(&mut price),
                    5 => object.read(&mut wait),
                    6 => object.read(&mut tags),
                    7 => object.read_optional(&mut bytes),
                    _ => object.skip(),
                }
            }
            let (
                true,
                Some(email_address),
                Some(age),
                Some(score),
                Some(price),
                Some(wait),
                Some(tags),
            ) = (object.is_sound(), email_address, age, score, price, wait, tags) else {
                return Err(object.failure(&[0, 2, 3, 4, 5, 6]));
            };
            Ok(Self {
                email_address,
                nick_name,
                age,
                score,
                price,
                wait,
                tags,
                bytes,
            })
        }

        fn check(&self, violations: &mut anywire::Violations) {
            static EMAIL_ADDRESS: anywire::Pattern = anywire::Pattern::new(
                "^[^@]+@[^@]+$",
            );
            violations.enter("emailAddress");
            violations.len(&self.email_address, 3..=254);
            violations.pattern(&self.email_address, &EMAIL_ADDRESS);
            violations.leave();
            violations.enter("nickName");
            if let Some(value) = &self.nick_name {
                violations.len(value, 2..);
            }
            violations.leave();
            violations.enter("age");
            violations.range(&self.age, 0..=150);
            violations.leave();
            violations.enter("score");
            violations.range(&self.score, -0.5..);
            violations.leave();
            violations.enter("price");
            violations.text_range(&self.price, Some("0.01"), Some("99.99"));
            violations.leave();
            violations.enter("wait");
            violations.text_range(&self.wait, None, Some("120s"));
            violations.leave();
            violations.enter("tags");
            violations.len(&self.tags, 1..=3);
            violations.unique(&self.tags);
            anywire::Wire::check(&self.tags, violations);
            violations.leave();
            violations.enter("bytes");
            if let Some(value) = &self.bytes {
                violations.len(&**value, ..=4);
            }
            violations.leave();
        }
    }
}
