use std::collections::BTreeMap;

use proptest::prelude::*;

use super::{Message, Proto, Reader, WireType, Wrapped, Writer, decode, encode};
use crate::{
    Bytes, Date, Decimal, DecodeError, Duration, Json, Timestamp, Unrecognized, Uuid,
    json::MAX_DEPTH, proto::Body,
};

/// As generated code has it: some of everything.
#[derive(Debug, Clone, PartialEq, Default)]
struct Tree {
    name: String,
    size: i32,
    weight: f64,
    branches: Vec<Tree>,
    leaves: BTreeMap<u32, String>,
    only: Option<Box<Tree>>,
    numbers: Vec<i64>,
}

impl Proto for Tree {
    fn encode(&self, to: &mut Writer) {
        to.field(1, &self.name);
        to.present(2, &self.size);
        to.field(3, &self.weight);
        to.field(4, &self.branches);
        to.field(5, &self.leaves);
        to.field(6, &self.only);
        to.field(70, &self.numbers);
    }

    fn decode(from: &mut Reader<'_>) -> Result<Self, DecodeError> {
        const FIELDS: &[(u32, &str)] =
            &[(1, "name"), (4, "branches"), (5, "leaves"), (70, "numbers")];
        let mut tree = Self::default();
        let (mut name, mut size, mut weight) = (String::absent(), None, f64::absent());
        let (mut branches, mut leaves, mut numbers) =
            (Vec::absent(), BTreeMap::absent(), Vec::absent());
        let mut message = from.message(FIELDS);
        while let Some(field) = message.next_field() {
            match field {
                1 => message.read(&mut name),
                2 => message.read(&mut size),
                3 => message.read(&mut weight),
                4 => message.read(&mut branches),
                5 => message.read(&mut leaves),
                6 => message.read(&mut tree.only),
                70 => message.read(&mut numbers),
                _ => message.skip(),
            }
        }
        let (
            true,
            Some(name),
            Some(size),
            Some(weight),
            Some(branches),
            Some(leaves),
            Some(numbers),
        ) = (
            message.is_sound(),
            name,
            size,
            weight,
            branches,
            leaves,
            numbers,
        )
        else {
            return Err(message.failure(&[2]));
        };
        Ok(Self {
            name,
            size,
            weight,
            branches,
            leaves,
            numbers,
            only: tree.only,
        })
    }
}

fn deep(levels: usize) -> Tree {
    (0..levels).fold(Tree::default(), |inner, _| Tree {
        only: Some(Box::new(inner)),
        ..Tree::default()
    })
}

/// The error of bytes that are no tree, with its place.
fn wrong(bytes: &[u8]) -> String {
    decode::<Tree>(bytes).expect_err("no tree").to_string()
}

#[test]
fn lengths_of_every_size_are_written_before_what_they_measure() {
    for length in [0, 1, 127, 128, 129, 16_383, 16_384, 2_097_151, 2_097_152] {
        let inner = Tree {
            name: "x".repeat(length),
            ..Tree::default()
        };
        let tree = Tree {
            branches: vec![inner.clone(), inner],
            ..Tree::default()
        };
        assert!(
            decode::<Tree>(&encode(&tree)).expect("a tree") == tree,
            "{length}"
        );
    }
}

#[test]
fn absence_is_zero_where_nothing_else_was_said() {
    assert_eq!(encode(&Tree::default())[..], [0x10, 0]);
    assert_eq!(decode(&[0x10, 0]), Ok(Tree::default()));
    // The negative zero is another number.
    let negative = Tree {
        weight: -0.0,
        ..Tree::default()
    };
    let back: Tree = decode(&encode(&negative)).expect("a tree");
    assert!(back.weight.is_sign_negative());
}

#[test]
fn numbers_are_read_packed_and_one_by_one() {
    let key = [0xB0, 0x04];
    let packed = [0xB2, 0x04, 0x02, 0x01, 0x02];
    let bytes = [&[0x10, 0][..], &key, &[7], &packed, &key, &[8]].concat();
    let tree: Tree = decode(&bytes).expect("a tree");
    assert_eq!(tree.numbers, [7, 1, 2, 8]);
}

#[test]
fn errors_say_where() {
    assert_eq!(wrong(&[]), "missing");
    assert_eq!(
        wrong(&[0x0A, 0x01, 0xFF, 0x10, 0]),
        "at `/name`: not text: invalid utf-8 sequence of 1 bytes from index 0"
    );
    assert_eq!(
        wrong(&[0x22, 0x03, 0x10, 0x00, 0x0A]),
        "at `/branches/0/name`: the bytes end too early"
    );
    assert_eq!(
        wrong(&[0x22, 0x02, 0x10, 0x00, 0x22, 0x00]),
        "at `/branches/1`: missing"
    );
    assert_eq!(
        wrong(&[0x2A, 0x05, 0x08, 0x07, 0x12, 0x01, 0xFF]),
        "at `/leaves/7`: not text: incomplete utf-8 byte sequence from index 0".replace(
            "incomplete utf-8 byte sequence",
            "invalid utf-8 sequence of 1 bytes"
        )
    );
    assert_eq!(
        wrong(&[0xB2, 0x04, 0x02, 0x01, 0x80]),
        "at `/numbers/1`: the bytes end too early"
    );
    assert_eq!(
        wrong(&[0x08, 0x01]),
        "at `/name`: expected wire type Len, found Varint"
    );
    let large = [0x10, 0x80, 0x80, 0x80, 0x80, 0x08];
    assert_eq!(
        wrong(&large),
        "2147483648 is out of range, expected an integer from -2147483648 to 2147483647"
    );
}

#[test]
fn what_is_no_field_is_refused() {
    assert_eq!(wrong(&[0x0B, 0x0C]), "no field has wire type 3");
    assert_eq!(wrong(&[0x0E]), "no field has wire type 6");
    assert_eq!(wrong(&[0x00, 0x00]), "no field has number 0");
    assert_eq!(wrong(&[0x80; 11]), "a number of more than 64 bits");
    assert_eq!(
        wrong(&[
            0x0A, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0x01
        ]),
        "at `/name`: the bytes end too early"
    );
}

#[test]
fn unknown_fields_are_passed_over() {
    let mut bytes = vec![0x10, 0x03];
    bytes.extend([0xF8, 0x7F, 0x01]);
    bytes.extend([0xF9, 0x7F, 1, 2, 3, 4, 5, 6, 7, 8]);
    bytes.extend([0xFA, 0x7F, 2, 0xFF, 0xFF]);
    bytes.extend([0xFD, 0x7F, 1, 2, 3, 4]);
    assert_eq!(
        decode(&bytes),
        Ok(Tree {
            size: 3,
            ..Tree::default()
        })
    );
}

#[test]
fn depth_is_bounded() {
    let most = usize::from(MAX_DEPTH) - 1;
    assert!(decode::<Tree>(&encode(&deep(most))).is_ok());
    let error = decode::<Tree>(&encode(&deep(most + 1))).expect_err("too deep");
    assert_eq!(error.reason(), "nested deeper than 96 levels");
    let mut bomb = vec![0; 1 << 16];
    for level in (0..bomb.len()).step_by(4) {
        let length = bomb.len() - 4 - level;
        let length = [
            length & 0x7F | 0x80,
            length >> 7 & 0x7F | 0x80,
            length >> 14,
        ];
        bomb[level] = 0x32;
        bomb[level + 1..level + 4].copy_from_slice(&length.map(|byte| byte as u8));
    }
    let error = decode::<Tree>(&bomb).expect_err("too deep");
    assert_eq!(error.reason(), "nested deeper than 96 levels");
    let json = |levels| Json((0..levels).fold(1.into(), |inner, _| vec![inner].into()));
    assert!(decode::<Json>(&encode::<Json>(&json(40))).is_ok());
    assert!(decode::<Json>(&encode::<Json>(&json(400))).is_err());
}

#[test]
fn the_last_counts() {
    assert_eq!(
        decode(&[0x10, 1, 0x10, 2]),
        Ok(Tree {
            size: 2,
            ..Tree::default()
        })
    );
}

#[test]
fn what_is_not_a_message_is_wrapped_in_one() {
    let bytes = <Wrapped<3> as Body<_>>::encode(&vec![1_u32, 300]);
    assert_eq!(bytes[..], [0x1A, 0x03, 0x01, 0xAC, 0x02]);
    assert_eq!(
        <Wrapped<3> as Body<_>>::decode(&bytes),
        Ok(vec![1_u32, 300])
    );
    assert_eq!(<Wrapped<3> as Body<_>>::decode(&[]), Ok(0_u32));
    assert_eq!(
        <Wrapped<3> as Body<Option<u32>>>::decode(&[0x18, 0]),
        Ok(Some(0))
    );
    assert_eq!(<Wrapped<3> as Body<Option<u32>>>::decode(&[]), Ok(None));
    let error = <Wrapped<3> as Body<Timestamp>>::decode(&[]).expect_err("no time");
    assert_eq!(error.to_string(), "missing");
    let error = <Wrapped<1> as Body<Vec<u8>>>::decode(&[0x0A, 3, 1, 0xAC, 0x02]).expect_err("300");
    assert_eq!(error.pointer(), "/1");
}

/// An enum with the variants 1 and 300.
fn variant(bytes: &[u8]) -> Result<(Option<u32>, Bytes), DecodeError> {
    let mut from = Reader::new(bytes);
    let found = from.variant(&[1, 300])?;
    Ok((found, Bytes::copy_from_slice(from.rest())))
}

#[test]
fn of_variants_the_last_known_one_counts() {
    let (one, other, unknown) = ([0x0A, 1, 7], [0xE2, 0x12, 1, 8], [0x12, 0]);
    for (bytes, number, content) in [
        (one.to_vec(), Some(1), &[7][..]),
        ([&one[..], &other].concat(), Some(300), &[8]),
        ([&other[..], &unknown, &one].concat(), Some(1), &[7]),
        ([&one[..], &unknown].concat(), Some(1), &[7]),
        (unknown.to_vec(), None, &unknown),
    ] {
        assert_eq!(
            variant(&bytes),
            Ok((number, Bytes::copy_from_slice(content))),
            "{bytes:?}"
        );
    }
    assert_eq!(variant(&[]).expect_err("nothing").reason(), "missing");
    assert!(variant(&[0x08, 1]).is_err());
}

#[test]
fn what_is_not_known_is_written_back() {
    let message = [0x12, 1, 9, 0x18, 5];
    let kept = Reader::new(&message).keep_message();
    assert_eq!(kept.to_string(), "2");
    let mut to = Writer::new();
    to.kept_message(&kept);
    to.kept_value(&Reader::keep_value(-7));
    assert_eq!(
        to.finish()[..],
        [
            &message[..],
            &[0xF9, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0x01]
        ]
        .concat()
    );
    // What came in another encoding is not written as something else.
    assert!(crate::json::encode(&kept).is_err());
    let json: Unrecognized = crate::json::decode(b"\"x\"").expect("anything");
    let mut to = Writer::new();
    to.kept_message(&json);
    to.kept_value(&json);
    assert_eq!(to.finish()[..], [0]);
}

#[test]
fn zero_is_no_value_of_an_enum() {
    assert_eq!(
        Reader::new(&[0]).value().expect_err("0").reason(),
        "unspecified"
    );
    assert_eq!(Reader::new(&[2]).value(), Ok(2));
    assert!(
        Reader::new(&[0x80, 0x80, 0x80, 0x80, 0x10])
            .value()
            .is_err()
    );
}

#[test]
fn times_have_their_limits() {
    let time = |text: &str| text.parse::<Timestamp>().expect("a timestamp");
    for at in [
        "1969-12-31T23:59:59.999999999Z",
        "1970-01-01T00:00:00Z",
        "9999-12-30T22:00:00Z",
        "-009999-01-02T01:59:59Z",
    ] {
        assert_eq!(decode(&encode(&time(at))), Ok(time(at)));
    }
    assert_eq!(
        encode(&time("1969-12-31T23:59:59.5Z"))[..],
        [
            0x08, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0x01, 0x10, 0x80, 0xCA,
            0xB5, 0xEE, 0x01
        ]
    );
    for seconds_and_nanos in [(i64::MAX, 0), (0, -1), (0, 1_000_000_000)] {
        assert!(decode::<Timestamp>(&time_of(seconds_and_nanos)).is_err());
        let is_duration = seconds_and_nanos == (i64::MAX, 0);
        assert_eq!(
            decode::<Duration>(&time_of(seconds_and_nanos)).is_ok(),
            is_duration
        );
    }
    assert!(decode::<Duration>(&time_of((-1, 0))).is_err());
}

fn time_of((seconds, nanos): (i64, i32)) -> Bytes {
    let mut to = Writer::new();
    to.field(1, &seconds);
    to.field(2, &nanos);
    to.finish()
}

#[test]
fn json_is_what_javascript_makes_of_it() {
    let value = serde_json::json!({ "a": [null, true, "x", 1, -1.5, {}, []], "": { "b": 9_007_199_254_740_991_i64 } });
    assert_eq!(decode(&encode(&Json(value.clone()))), Ok(Json(value)));
    assert_eq!(decode(&[]), Ok(Json(serde_json::Value::Null)));
    let mut nan = Writer::new();
    nan.present(2, &f64::NAN);
    assert!(decode::<Json>(&nan.finish()).is_err());
    // The last one counts, as of variants.
    assert_eq!(decode(&[0x20, 1, 0x1A, 1, b'x']), Ok(Json("x".into())));
}

/// Reads the bytes as everything that can be read.
fn read_all(bytes: &[u8]) {
    let _ = decode::<Tree>(bytes);
    let _ = decode::<Json>(bytes);
    let _ = decode::<Timestamp>(bytes);
    let _ = decode::<Duration>(bytes);
    let _ = decode::<(Uuid, ())>(bytes);
    let _ = variant(bytes);
    let _ = Reader::new(bytes).keep_message().to_string();
}

/// Text with a grammar, then a message that is not looked into.
impl Proto for (Uuid, ()) {
    fn encode(&self, to: &mut Writer) {
        to.field(1, &self.0);
    }

    fn decode(from: &mut Reader<'_>) -> Result<Self, DecodeError> {
        let (mut id, mut price, mut day) = (None, None::<Decimal>, None::<Date>);
        let mut message: Message<'_, '_> = from.message(&[]);
        while let Some(field) = message.next_field() {
            match field {
                1 => message.read(&mut id),
                2 => message.read(&mut price),
                _ => message.read(&mut day),
            }
        }
        message.finish()?;
        Ok((id.unwrap_or_default(), ()))
    }
}

fn trees() -> impl Strategy<Value = Tree> {
    let leaf = (
        any::<String>(),
        any::<i32>(),
        any::<i16>(),
        prop::collection::btree_map(any::<u32>(), any::<String>(), 0..3),
        prop::collection::vec(any::<i64>(), 0..4),
    )
        .prop_map(|(name, size, weight, leaves, numbers)| Tree {
            name,
            size,
            weight: weight.into(),
            leaves,
            numbers,
            ..Tree::default()
        });
    leaf.prop_recursive(4, 24, 3, |inner| {
        (
            prop::collection::vec(inner.clone(), 0..3),
            prop::option::of(inner.clone()),
            inner,
        )
            .prop_map(|(branches, only, tree)| Tree {
                branches,
                only: only.map(Box::new),
                ..tree
            })
    })
}

proptest! {
    #[test]
    fn what_is_written_is_read(tree in trees()) {
        let bytes = encode(&tree);
        prop_assert_eq!(decode(&bytes), Ok(tree));
    }

    #[test]
    fn numbers_of_every_size(number in any::<u64>()) {
        let mut to = Writer::new();
        to.varint(number);
        let bytes = to.finish();
        prop_assert_eq!(Reader::new(&bytes).varint(), Ok(number));
        for end in 0..bytes.len() {
            prop_assert!(Reader::new(&bytes[..end]).varint().is_err());
        }
    }

    #[test]
    fn any_bytes_are_read_or_refused(bytes in prop::collection::vec(any::<u8>(), 0..64)) {
        read_all(&bytes);
    }

    #[test]
    fn a_message_that_breaks_off_is_read_or_refused(tree in trees(), flip in any::<prop::sample::Index>()) {
        let mut bytes = encode(&tree).to_vec();
        for end in 0..bytes.len() {
            read_all(&bytes[..end]);
        }
        let at = flip.index(bytes.len());
        bytes[at] ^= 0x55;
        read_all(&bytes);
    }
}

#[test]
fn every_kind_has_its_wire_type() {
    assert_eq!(
        [f32::WIRE, f64::WIRE, bool::WIRE, String::WIRE],
        [
            WireType::Fixed32,
            WireType::Fixed64,
            WireType::Varint,
            WireType::Len
        ]
    );
}
