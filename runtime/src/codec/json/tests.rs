//! Values there and back, and bytes that are no values.

use std::collections::{BTreeMap, HashMap};

use proptest::{collection::vec, prelude::*};

use super::*;
use crate::{
    Date, Decimal, Duration, Json, Timestamp, Unrecognized, Uuid, check::Violations, codec::Text,
};

/// Encodes, and decodes what came of it.
fn there_and_back<T: Wire>(value: &T) -> T {
    let bytes = encode(value).expect("JSON can hold it");
    let is_json = serde_json::from_slice::<serde_json::Value>(&bytes).is_ok();
    assert!(is_json, "{bytes:?} is no JSON");
    decode(&bytes).expect("its own bytes")
}

/// Reads bytes as a value of every type.
fn decode_as_everything(bytes: &[u8]) {
    fn as_one<T: Wire>(bytes: &[u8]) {
        if let Ok(value) = decode::<T>(bytes) {
            // What was read can be looked at and written.
            value.check(&mut Violations::default());
            let _ = encode(&value);
        }
    }
    as_one::<bool>(bytes);
    as_one::<i8>(bytes);
    as_one::<i64>(bytes);
    as_one::<u64>(bytes);
    as_one::<f32>(bytes);
    as_one::<f64>(bytes);
    as_one::<String>(bytes);
    as_one::<Text<u64>>(bytes);
    as_one::<Text<i64>>(bytes);
    as_one::<bytes::Bytes>(bytes);
    as_one::<Uuid>(bytes);
    as_one::<Decimal>(bytes);
    as_one::<Date>(bytes);
    as_one::<Timestamp>(bytes);
    as_one::<Duration>(bytes);
    as_one::<Json>(bytes);
    as_one::<Unrecognized>(bytes);
    as_one::<()>(bytes);
    as_one::<Option<String>>(bytes);
    as_one::<Vec<Vec<i32>>>(bytes);
    as_one::<BTreeMap<String, Json>>(bytes);
    as_one::<HashMap<i32, bool>>(bytes);
    as_one::<BTreeMap<bool, Box<Vec<u8>>>>(bytes);
}

/// What a reader of tagged objects and names asks for.
fn read_as_enums(bytes: &[u8]) {
    let _ = Reader::new(bytes).tag("type", &["a", "b"]);
    let _ = Reader::new(bytes).variant(&["a", "b"]);
    let mut reader = Reader::new(bytes);
    let mut object = reader.object(&["type", "id", "data"]);
    let mut id: Option<u32> = None;
    while let Some(field) = object.next_field() {
        match field {
            1 => object.read(&mut id),
            2 => object.read_optional(&mut id),
            _ => object.skip(),
        }
    }
    let _ = object.failure(&[0, 1, 2]);
}

fn any_json() -> impl Strategy<Value = serde_json::Value> {
    use serde_json::Value;
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        any::<i64>().prop_map(Value::from),
        any::<u64>().prop_map(Value::from),
        any::<f64>().prop_map(Value::from),
        any::<String>().prop_map(Value::from),
    ];
    leaf.prop_recursive(6, 48, 6, |inner| {
        prop_oneof![
            vec(inner.clone(), 0..6).prop_map(Value::from),
            vec(
                (prop_oneof![Just("type".to_owned()), any::<String>()], inner),
                0..6
            )
            .prop_map(|members| Value::Object(members.into_iter().collect())),
        ]
    })
}

proptest! {
    #[test]
    fn a_field_is_found_however_its_name_is_escaped(name in "[a-z/é🦀\"\\\\]{1,6}", value in any::<i32>()) {
        let names: &'static [&'static str] = vec!["other", &*name.clone().leak()].leak();
        let escaped: String = name.encode_utf16().map(|unit| format!("\\u{unit:04x}")).collect();
        for key in [serde_json::Value::from(name.as_str()).to_string(), format!("\"{escaped}\"")] {
            let text = format!("{{\"unknown\":[{{}}],{key}:{value}}}");
            let mut reader = Reader::new(text.as_bytes());
            let mut object = reader.object(names);
            let mut read = None;
            prop_assert_eq!(object.next_field(), Some(1), "{}", text);
            object.read(&mut read);
            prop_assert_eq!(object.next_field(), None);
            prop_assert!(object.is_sound());
            prop_assert_eq!(read, Some(value));
        }
    }

    #[test]
    fn scalars(
        flag in any::<bool>(),
        small in any::<(i8, i16, i32, u8, u16, u32)>(),
        big in -(MAX_SAFE_INTEGER as i64)..=MAX_SAFE_INTEGER as i64,
        unsigned in 0..=MAX_SAFE_INTEGER,
    ) {
        prop_assert_eq!(there_and_back(&flag), flag);
        prop_assert_eq!(there_and_back(&small.0), small.0);
        prop_assert_eq!(there_and_back(&small.1), small.1);
        prop_assert_eq!(there_and_back(&small.2), small.2);
        prop_assert_eq!(there_and_back(&small.3), small.3);
        prop_assert_eq!(there_and_back(&small.4), small.4);
        prop_assert_eq!(there_and_back(&small.5), small.5);
        prop_assert_eq!(there_and_back(&big), big);
        prop_assert_eq!(there_and_back(&unsigned), unsigned);
    }

    #[test]
    fn numbers_that_are_text(unsigned in any::<u64>(), signed in any::<i64>()) {
        prop_assert_eq!(there_and_back(&Text(unsigned)).0, unsigned);
        prop_assert_eq!(there_and_back(&Text(signed)).0, signed);
        // A peer may write them as numbers all the same.
        prop_assert_eq!(decode::<Text<u64>>(unsigned.to_string().as_bytes()).map(|read| read.0), Ok(unsigned));
        prop_assert_eq!(decode::<Text<i64>>(signed.to_string().as_bytes()).map(|read| read.0), Ok(signed));
    }

    #[test]
    fn integers_that_javascript_cannot_hold(beyond in MAX_SAFE_INTEGER + 1..=u64::MAX) {
        prop_assert!(encode(&beyond).is_err());
        let signed = i64::try_from(beyond).unwrap_or(i64::MAX);
        prop_assert!(encode(&signed).is_err());
        prop_assert!(encode(&-signed).is_err());
        prop_assert!(encode(&vec![0, signed]).is_err());
    }

    #[test]
    fn floats_come_back_to_the_last_bit(double in any::<f64>(), single in any::<f32>()) {
        prop_assert_eq!(there_and_back(&double).to_bits(), double.to_bits());
        prop_assert_eq!(there_and_back(&single).to_bits(), single.to_bits());
    }

    #[test]
    fn texts_and_bytes(text in any::<String>(), bytes in vec(any::<u8>(), 0..100)) {
        prop_assert_eq!(there_and_back(&text), text.clone());
        let written = encode(&text).expect("text");
        prop_assert_eq!(
            serde_json::from_slice::<String>(&written).expect("JSON"), text, "as others read it"
        );
        let bytes = bytes::Bytes::from(bytes);
        prop_assert_eq!(there_and_back(&bytes), bytes);
    }

    #[test]
    fn lists_and_maps(
        list in vec(proptest::option::of(any::<String>()), 0..10),
        by_text in proptest::collection::btree_map(any::<String>(), vec(any::<i32>(), 0..3), 0..5),
        by_number in proptest::collection::hash_map(any::<i32>(), any::<bool>(), 0..5),
    ) {
        prop_assert_eq!(there_and_back(&list), list);
        prop_assert_eq!(there_and_back(&by_text), by_text);
        prop_assert_eq!(there_and_back(&by_number), by_number);
    }

    #[test]
    fn any_json_value(value in any_json()) {
        prop_assert_eq!(there_and_back(&Json(value.clone())).0, value.clone());
        decode_as_everything(value.to_string().as_bytes());
        read_as_enums(value.to_string().as_bytes());
    }

    #[test]
    fn times(
        millis in -377_705_000_000_000..253_402_000_000_000_i64, nanos in 0..1_000_000_000_u32,
        seconds in any::<u32>(), uuid in any::<u128>(),
    ) {
        let at = Timestamp::from_millis(millis);
        prop_assert_eq!(there_and_back(&at), at);
        prop_assert_eq!(there_and_back(&at).as_millis(), millis);
        let pause = Duration::from(std::time::Duration::new(seconds.into(), nanos));
        prop_assert_eq!(there_and_back(&pause), pause);
        let id = Uuid::from_u128(uuid);
        prop_assert_eq!(there_and_back(&id), id);
    }

    #[test]
    fn decimals_are_compared_by_value(whole in 0..10_000_u32, fraction in 0..1_000_u32, zeros in 0..4_usize) {
        let plain: Decimal = format!("{whole}.{fraction:03}").parse().expect("a decimal");
        let padded: Decimal = format!("00{whole}.{fraction:03}{}", "0".repeat(zeros)).parse().expect("a decimal");
        prop_assert_eq!(&plain, &padded);
        let read = there_and_back(&padded);
        prop_assert_eq!(read.as_str(), padded.as_str());
        let more: Decimal = format!("{whole}.{fraction:03}1").parse().expect("a decimal");
        let less: Decimal = format!("-{whole}.{fraction:03}1").parse().expect("a decimal");
        prop_assert!(less < plain && plain < more);
    }

    #[test]
    fn bytes_of_any_kind_are_judged_without_harm(
        bytes in prop_oneof![
            vec(any::<u8>(), 0..64),
            "[\\[\\]{}\",:0-9a-eE.+\\-\\\\ntrufals ]{0,40}".prop_map(String::into_bytes),
            "\"[0-9T:Z.+\\-/=PsA-Fa-f]{0,40}\"".prop_map(String::into_bytes),
        ],
    ) {
        decode_as_everything(&bytes);
        read_as_enums(&bytes);
    }

    #[test]
    fn a_value_cut_short_is_no_value(value in any_json(), at in any::<proptest::sample::Index>()) {
        let text = serde_json::Value::from(vec![value]).to_string();
        let cut = &text.as_bytes()[..at.index(text.len())];
        prop_assert!(decode::<Json>(cut).is_err());
        decode_as_everything(cut);
    }
}

#[test]
fn floats_that_json_does_not_have() {
    for value in [f64::NAN, f64::INFINITY, f64::NEG_INFINITY] {
        assert!(encode(&value).is_err());
        assert!(encode(&vec![1.0, value]).is_err());
    }
}

#[test]
fn values_that_nest_deeply_are_refused_before_they_exhaust_the_stack() {
    #[derive(Debug)]
    struct Nested(#[expect(dead_code, reason = "only its depth matters")] Vec<Nested>);

    impl Wire for Nested {
        fn encode(&self, _: &mut Writer) {}

        fn decode(from: &mut Reader<'_>) -> Result<Self, DecodeError> {
            Vec::decode(from).map(Self)
        }
    }

    let nested = |depth: usize| "[".repeat(depth) + &"]".repeat(depth);
    assert!(decode::<Nested>(nested(usize::from(MAX_DEPTH)).as_bytes()).is_ok());
    let error = decode::<Nested>(nested(usize::from(MAX_DEPTH) + 1).as_bytes());
    assert!(error.expect_err("too deep").reason().contains("deeper"));
    for depth in [1_000, 1 << 20] {
        decode::<Nested>(nested(depth).as_bytes()).expect_err("too deep");
        decode::<Json>(nested(depth).as_bytes()).expect_err("too deep");
        let unknown = format!("{{\"unknown\":{}}}", nested(depth));
        decode_as_everything(unknown.as_bytes());
        read_as_enums(unknown.as_bytes());
        decode::<BTreeMap<String, Json>>(unknown.as_bytes()).expect_err("too deep");
    }
}

#[test]
fn errors_say_where() {
    type Deep = BTreeMap<String, Vec<Option<u8>>>;
    for (text, place) in [
        (r#"{"a/b":[1,300]}"#, "/a~1b/1"),
        (r#"{"a~b":[null,"x"]}"#, "/a~0b/1"),
        (r#"{"a":7}"#, "/a"),
        ("7", ""),
    ] {
        let error = decode::<Deep>(text.as_bytes()).expect_err("not of the type");
        assert_eq!(error.pointer(), place, "{text}");
    }
}
