//! Values and bytes of every kind.

use std::time::{Duration, SystemTime};

use anywire::{Bytes, Date, Decimal, Json, Proto, Timestamp, Uuid, proto};
use anywire_proto::{
    kinds::{
        Boxed, Colour, Defaults, Empty, Id, Index, Lists, Maps, Mood, Notice, Options, Required,
        Scalars, Shape, Sparse, Unsure,
    },
    shared::{Currency, Money, Revision},
    theirs::kinds::v1 as kinds,
};
use prop::collection::{btree_map, vec};
use prop::option::of;
use proptest::prelude::*;
use serde_json::Value;

use crate::{theirs, values};

fn bytes() -> impl Strategy<Value = Bytes> {
    vec(any::<u8>(), 0..200).prop_map(Bytes::from)
}

fn double() -> impl Strategy<Value = f64> {
    prop::num::f64::ANY.prop_filter("comparable", |number| !number.is_nan())
}

fn single() -> impl Strategy<Value = f32> {
    prop::num::f32::ANY.prop_filter("comparable", |number| !number.is_nan())
}

fn id() -> impl Strategy<Value = Id> {
    any::<u128>().prop_map(|id| Id(Uuid::from_u128(id)))
}

fn decimal() -> impl Strategy<Value = Decimal> {
    (any::<i64>(), any::<u32>())
        .prop_map(|(whole, fraction)| format!("{whole}.{fraction}").parse().expect("a decimal"))
}

fn date() -> impl Strategy<Value = Date> {
    (0..=9999_i16, 1..=12_i8, 1..=28_i8)
        .prop_map(|(year, month, day)| Date::new(year, month, day).expect("a date"))
}

fn timestamp() -> impl Strategy<Value = Timestamp> {
    (any::<bool>(), 0..60_000_000_000_u64, 0..1_000_000_000_u32).prop_map(
        |(before, seconds, nanos)| {
            let distance = Duration::new(seconds, nanos);
            let epoch = SystemTime::UNIX_EPOCH;
            let time = if before {
                epoch - distance
            } else {
                epoch + distance
            };
            Timestamp::from(time)
        },
    )
}

fn duration() -> impl Strategy<Value = anywire::Duration> {
    (0..=i64::MAX.cast_unsigned(), 0..1_000_000_000_u32)
        .prop_map(|(seconds, nanos)| Duration::new(seconds, nanos).into())
}

fn json() -> impl Strategy<Value = Json> {
    let most = anywire::json::MAX_SAFE_INTEGER.cast_signed();
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        (-most..=most).prop_map(Value::from),
        any::<i32>().prop_map(|number| Value::from(f64::from(number) + 0.5)),
        any::<String>().prop_map(Value::from),
    ];
    let value = leaf.prop_recursive(4, 16, 3, |inner| {
        prop_oneof![
            vec(inner.clone(), 0..3).prop_map(Value::from),
            btree_map(any::<String>(), inner, 0..3)
                .prop_map(|map| map.into_iter().collect::<Value>()),
        ]
    });
    value.prop_map(Json)
}

fn colour() -> impl Strategy<Value = Colour> {
    prop::sample::select(&[Colour::Red, Colour::Green])
}

fn money() -> impl Strategy<Value = Money> {
    let currency = prop::sample::select(&[Currency::Euro, Currency::Dollar]);
    (decimal(), currency).prop_map(|(amount, currency)| Money { amount, currency })
}

fn shape() -> impl Strategy<Value = Shape> {
    let leaf = prop_oneof![
        Just(Shape::Nothing),
        double().prop_map(|radius| Shape::Circle { radius })
    ];
    leaf.prop_recursive(3, 8, 2, |inner| {
        let parts = (
            inner.clone(),
            of(any::<String>()),
            any::<u32>(),
            vec(inner, 0..2),
        );
        parts.prop_map(|(first, label, count, others)| Shape::Boxes {
            first: first.into(),
            label,
            count,
            others,
        })
    })
}

fn revision() -> impl Strategy<Value = Revision> {
    any::<u64>().prop_map(Revision)
}

fn scalars() -> impl Strategy<Value = Scalars> {
    let signed = (
        any::<bool>(),
        any::<i8>(),
        any::<i16>(),
        any::<i32>(),
        any::<i64>(),
    );
    let unsigned = (
        any::<u8>(),
        any::<u16>(),
        any::<u32>(),
        any::<u64>(),
        any::<u64>(),
    );
    let others = (single(), double(), any::<String>(), bytes(), revision());
    (signed, unsigned, others).prop_map(
        |(
            (flag, tiny, small, int, big),
            (byte, short, word, long, wide),
            (single, double, text, bytes, revision),
        )| Scalars {
            flag,
            tiny,
            small,
            int,
            big,
            byte,
            short,
            word,
            long,
            wide,
            single,
            double,
            text,
            bytes,
            revision,
        },
    )
}

fn required() -> impl Strategy<Value = Required> {
    let first = (id(), decimal(), date(), timestamp(), duration());
    (first, json(), money(), colour(), shape()).prop_map(
        |((id, price, day, at, pause), anything, money, colour, shape)| Required {
            id,
            price,
            day,
            at,
            pause,
            anything,
            money,
            boxed: Boxed(Box::new(Empty {})),
            colour,
            shape,
        },
    )
}

fn options() -> impl Strategy<Value = Options> {
    let first = (
        of(any::<bool>()),
        of(any::<i32>()),
        of(any::<u64>()),
        of(double()),
        of(any::<String>()),
        of(bytes()),
    );
    let second = (
        of(id()),
        of(timestamp()),
        of(json()),
        of(money()),
        of(colour()),
        of(shape()),
    );
    let leaf = (first, second).prop_map(
        |((flag, int, wide, double, text, bytes), (id, at, anything, money, colour, shape))| {
            Options {
                flag,
                int,
                wide,
                double,
                text,
                bytes,
                id,
                at,
                anything,
                money,
                colour,
                shape,
                inner: None,
            }
        },
    );
    leaf.prop_recursive(3, 3, 1, |inner| {
        (inner.clone(), inner).prop_map(|(outer, inner)| Options {
            inner: Some(Box::new(inner)),
            ..outer
        })
    })
}

fn defaults() -> impl Strategy<Value = Defaults> {
    let first = (
        any::<bool>(),
        any::<i32>(),
        any::<u64>(),
        double(),
        any::<String>(),
    );
    let second = (decimal(), duration(), colour(), revision());
    let third = (
        vec(any::<u32>(), 0..3),
        btree_map(any::<String>(), any::<u32>(), 0..3),
    );
    (first, second, third).prop_map(
        |((flag, int, wide, double, text), (price, pause, colour, revision), (list, map))| {
            Defaults {
                flag,
                int,
                wide,
                double,
                text,
                price,
                pause,
                colour,
                revision,
                list,
                map,
            }
        },
    )
}

fn lists() -> impl Strategy<Value = Lists> {
    let numbers = (
        vec(any::<bool>(), 0..4),
        vec(any::<i32>(), 0..4),
        vec(any::<i8>(), 0..4),
        vec(any::<u64>(), 0..40),
        vec(single(), 0..4),
        vec(double(), 0..4),
    );
    let texts = (
        vec(any::<String>(), 0..4),
        vec(bytes(), 0..4),
        vec(id(), 0..4),
        vec(timestamp(), 0..4),
        vec(json(), 0..4),
    );
    let others = (
        vec(money(), 0..4),
        vec(colour(), 0..4),
        vec(shape(), 0..4),
        vec(revision(), 0..4),
        vec(Just(Empty {}), 0..4),
        vec(any::<String>(), 0..4),
    );
    (numbers, texts, others).prop_map(
        |(
            (flags, ints, tinies, longs, singles, doubles),
            (texts, bytes, ids, times, anything),
            (amounts, colours, shapes, revisions, empties, boxed),
        )| Lists {
            flags,
            ints,
            tinies,
            longs,
            singles,
            doubles,
            texts,
            bytes,
            ids,
            times,
            anything,
            amounts,
            colours,
            shapes,
            revisions,
            empties,
            boxed: Box::new(boxed),
        },
    )
}

fn maps() -> impl Strategy<Value = Maps> {
    let first = (
        btree_map(any::<String>(), any::<String>(), 0..4),
        btree_map(any::<bool>(), any::<i64>(), 0..3),
        btree_map(any::<i8>(), money(), 0..4),
        btree_map(any::<u64>(), colour(), 0..4),
        btree_map(revision(), shape(), 0..3),
    );
    let second = (
        btree_map(any::<i64>(), double(), 0..4),
        btree_map(any::<String>(), json(), 0..3),
        btree_map(any::<u32>(), Just(Empty {}), 0..4),
        btree_map(any::<u16>(), bytes(), 0..4),
    );
    (first, second).prop_map(
        |((texts, by_flag, by_tiny, by_long, by_revision), (by_big, anything, empties, index))| {
            Maps {
                texts,
                by_flag,
                by_tiny,
                by_long: by_long.into_iter().collect(),
                by_revision,
                by_big,
                anything,
                empties,
                index: Index(index),
            }
        },
    )
}

fn mood() -> impl Strategy<Value = Mood> {
    let unknown = any::<i32>().prop_filter("known", |number| !matches!(number, 0..=2));
    prop_oneof![
        Just(Mood::Good),
        Just(Mood::Fair),
        unknown.prop_map(|number| Mood::Unknown(proto::Reader::keep_value(number)))
    ]
}

fn unsure() -> impl Strategy<Value = Unsure> {
    let notice = prop_oneof![
        Just(Notice::Done),
        any::<String>().prop_map(|text| Notice::Said { text })
    ];
    let notices = btree_map(any::<String>(), notice.clone(), 0..3);
    (mood(), vec(mood(), 0..4), notice, notices).prop_map(|(mood, moods, notice, notices)| Unsure {
        mood,
        moods,
        notice,
        notices,
    })
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn values_pass_through_prost(
        scalars in scalars(),
        required in required(),
        options in options(),
        defaults in defaults(),
        lists in lists(),
        maps in maps(),
        unsure in unsure(),
    ) {
        let _: kinds::Scalars = theirs(&scalars);
        let _: kinds::Required = theirs(&required);
        let _: kinds::Options = theirs(&options);
        let _: kinds::Defaults = theirs(&defaults);
        let _: kinds::Lists = theirs(&lists);
        let _: kinds::Maps = theirs(&maps);
        let _: kinds::Unsure = theirs(&unsure);
    }

    #[test]
    fn any_bytes_are_read_or_refused(bytes in vec(any::<u8>(), 0..80)) {
        read_all(&bytes);
    }

    #[test]
    fn changed_bytes_are_read_or_refused(at in any::<prop::sample::Index>(), with in any::<u8>()) {
        for whole in samples() {
            let mut bytes = whole.to_vec();
            let at = at.index(bytes.len());
            bytes[at] ^= with;
            read_all(&bytes);
        }
    }
}

fn samples() -> [Bytes; 3] {
    [
        proto::encode(&values::required()),
        proto::encode(&values::lists()),
        proto::encode(&values::maps()),
    ]
}

/// Reads the bytes as everything. What is read is written and read again as the same.
fn read_all(bytes: &[u8]) {
    read::<Scalars>(bytes);
    read::<Required>(bytes);
    read::<Options>(bytes);
    read::<Defaults>(bytes);
    read::<Lists>(bytes);
    read::<Maps>(bytes);
    read::<Shape>(bytes);
    read::<Unsure>(bytes);
    read::<Sparse>(bytes);
    read::<Empty>(bytes);
    read::<Json>(bytes);
}

fn read<T: Proto>(bytes: &[u8]) {
    if let Ok(value) = proto::decode::<T>(bytes) {
        let again = proto::encode(&value);
        let value: T = proto::decode(&again).expect("what we write is read");
        assert_eq!(proto::encode(&value).len(), again.len());
    }
}

#[test]
fn a_message_that_breaks_off_is_read_or_refused() {
    for whole in samples() {
        for end in 0..whole.len() {
            read_all(&whole[..end]);
        }
    }
}

#[test]
fn messages_that_nest_without_end_are_refused() {
    let mut bomb = vec![0_u8; 1 << 16];
    let end = bomb.len();
    for at in (0..end).step_by(4) {
        let length = end - 4 - at;
        // Field 13 is `inner`.
        let level = [
            0x6A,
            length & 0x7F | 0x80,
            length >> 7 & 0x7F | 0x80,
            length >> 14,
        ];
        bomb[at..at + 4].copy_from_slice(&level.map(|byte| byte as u8));
    }
    let error = proto::decode::<Options>(&bomb).expect_err("too deep");
    assert_eq!(error.reason(), "nested deeper than 96 levels");
}
