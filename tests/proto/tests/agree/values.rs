//! Values at the edges, field by field.

use anywire::{Bytes, Json, Timestamp};
use anywire_proto::{
    kinds::{
        Boxed, Colour, Defaults, Empty, Id, Index, Lists, Maps, Options, Required, Scalars, Shape,
        Sparse,
    },
    shared::{Currency, Money, Revision},
    theirs::{kinds::v1 as kinds, shared::v1 as shared},
};
use prost::Message;

use crate::{ours, theirs};

const ID: &str = "00000000-0000-0000-0000-000000000007";

pub(crate) fn zero() -> Scalars {
    Scalars::new(
        false,
        0,
        0,
        0,
        0,
        0,
        0,
        0,
        0,
        0,
        0.0,
        0.0,
        "",
        Bytes::new(),
        0,
    )
}

pub(crate) fn required() -> Required {
    Required::new(
        Id(ID.parse().expect("a UUID")),
        "-12.50".parse().expect("a decimal"),
        "2024-02-29".parse().expect("a date"),
        "1969-12-31T23:59:59.75Z".parse().expect("a timestamp"),
        anywire::Duration::from_millis(1500),
        Json(serde_json::json!({ "": [null, true, -1.5, 9_007_199_254_740_991_i64, "x", {}] })),
        money(),
        Boxed(Box::new(Empty {})),
        Colour::Green,
        Shape::Nothing,
    )
}

pub(crate) fn money() -> Money {
    Money::new("1".parse().expect("a decimal"), Currency::Dollar)
}

fn shape() -> Shape {
    Shape::Boxes {
        first: Box::new(Shape::Circle { radius: 0.0 }),
        label: Some(String::new()),
        count: 0,
        others: vec![Shape::Nothing, Shape::Circle { radius: -1.5 }],
    }
}

#[test]
fn scalars_at_their_limits() {
    let least = Scalars {
        flag: true,
        tiny: i8::MIN,
        small: i16::MIN,
        int: i32::MIN,
        big: i64::MIN,
        byte: u8::MAX,
        short: u16::MAX,
        word: u32::MAX,
        long: u64::MAX,
        wide: u64::MAX,
        single: f32::MIN_POSITIVE,
        double: f64::NEG_INFINITY,
        text: "é 漢 🦀\0".to_owned(),
        bytes: (0..=255).collect::<Vec<u8>>().into(),
        revision: Revision(1 << 63),
    };
    let found: kinds::Scalars = theirs(&least);
    let expected = kinds::Scalars {
        flag: true,
        tiny: -128,
        small: -32_768,
        int: i32::MIN,
        big: i64::MIN,
        byte: 255,
        short: 65_535,
        word: u32::MAX,
        long: u64::MAX,
        wide: u64::MAX,
        single: f32::MIN_POSITIVE,
        double: f64::NEG_INFINITY,
        text: "é 漢 🦀\0".to_owned(),
        bytes: (0..=255).collect(),
        revision: 1 << 63,
    };
    assert_eq!(found, expected);
    assert_eq!(anywire::proto::encode(&least), expected.encode_to_vec());
}

#[test]
fn zero_is_not_written() {
    assert!(anywire::proto::encode(&zero()).is_empty());
    assert_eq!(ours(&kinds::Scalars::default()), Ok(zero()));
}

#[test]
fn numbers_out_of_range_are_refused() {
    let with = |change: fn(&mut kinds::Scalars)| {
        let mut scalars = kinds::Scalars::default();
        change(&mut scalars);
        ours::<Scalars>(&scalars).expect_err("out of range")
    };
    assert_eq!(
        with(|scalars| scalars.tiny = 128),
        "at `/tiny`: 128 is out of range, expected an integer from -128 to 127"
    );
    assert!(with(|scalars| scalars.tiny = -129).starts_with("at `/tiny`"));
    assert!(with(|scalars| scalars.small = 32_768).starts_with("at `/small`"));
    assert!(with(|scalars| scalars.byte = 256).starts_with("at `/byte`"));
    assert!(with(|scalars| scalars.short = 65_536).starts_with("at `/short`"));
}

#[test]
fn what_has_no_zero_has_to_be_there() {
    let value = required();
    let found: kinds::Required = theirs(&value);
    assert_eq!(found.id, ID);
    assert_eq!(found.price, "-12.50");
    assert_eq!(found.day, "2024-02-29");
    let at = found.at.as_ref().expect("a timestamp");
    assert_eq!((at.seconds, at.nanos), (-1, 750_000_000));
    let pause = found.pause.as_ref().expect("a duration");
    assert_eq!((pause.seconds, pause.nanos), (1, 500_000_000));
    assert_eq!(
        found.money,
        Some(shared::Money {
            amount: "1".to_owned(),
            currency: 5
        })
    );
    assert_eq!(found.colour, 300);
    assert_eq!(found.boxed, Some(kinds::Empty {}));

    let without = |change: fn(&mut kinds::Required)| {
        let mut required = theirs::<_, kinds::Required>(&required());
        change(&mut required);
        ours::<Required>(&required).expect_err("it is not all there")
    };
    assert_eq!(without(|required| required.id.clear()), "at `/id`: missing");
    assert_eq!(
        without(|required| required.price.clear()),
        "at `/price`: missing"
    );
    assert_eq!(
        without(|required| required.day.clear()),
        "at `/day`: missing"
    );
    assert_eq!(without(|required| required.at = None), "at `/at`: missing");
    assert_eq!(
        without(|required| required.pause = None),
        "at `/pause`: missing"
    );
    assert_eq!(
        without(|required| required.anything = None),
        "at `/anything`: missing"
    );
    assert_eq!(
        without(|required| required.money = None),
        "at `/money`: missing"
    );
    assert_eq!(
        without(|required| required.boxed = None),
        "at `/boxed`: missing"
    );
    assert_eq!(
        without(|required| required.colour = 0),
        "at `/colour`: missing"
    );
    assert_eq!(
        without(|required| required.shape = None),
        "at `/shape`: missing"
    );

    assert_eq!(
        without(|required| required.colour = 2),
        "at `/colour`: unknown value 2"
    );
    assert_eq!(
        without(|required| required.shape = Some(kinds::Shape { variant: None })),
        "at `/shape`: missing"
    );
    assert_eq!(
        without(|required| required.money = Some(shared::Money::default())),
        "at `/money/amount`: missing"
    );
    assert_eq!(
        without(|required| required.day = "2024-02-30".to_owned()),
        "at `/day`: expected a date such as \"2026-01-31\", found \"2024-02-30\""
    );
    let later = |required: &mut kinds::Required| {
        required.at = Some(prost_types::Timestamp {
            seconds: i64::MAX,
            nanos: 0,
        });
    };
    assert!(without(later).starts_with("at `/at`: expected a timestamp"));
    let negative = |required: &mut kinds::Required| {
        required.pause = Some(prost_types::Duration {
            seconds: -1,
            nanos: 0,
        });
    };
    assert!(without(negative).starts_with("at `/pause`: expected a duration"));
}

#[test]
fn options_differ_from_zero() {
    let none = Options::new();
    assert!(anywire::proto::encode(&none).is_empty());
    assert_eq!(
        theirs::<_, kinds::Options>(&none),
        kinds::Options::default()
    );

    let zero = Options {
        flag: Some(false),
        int: Some(0),
        wide: Some(0),
        double: Some(0.0),
        text: Some(String::new()),
        bytes: Some(Bytes::new()),
        id: Some(Id(ID.parse().expect("a UUID"))),
        at: Some(Timestamp::from_millis(0)),
        anything: Some(Json::default()),
        money: Some(money()),
        colour: Some(Colour::Red),
        shape: Some(shape()),
        inner: Some(Box::new(Options {
            inner: Some(Box::new(none)),
            ..Options::new()
        })),
    };
    let found: kinds::Options = theirs(&zero);
    assert_eq!(found.flag, Some(false));
    assert_eq!(found.double, Some(0.0));
    assert_eq!(found.text.as_deref(), Some(""));
    assert_eq!(found.bytes.as_deref(), Some(&[][..]));
    assert_eq!(found.at, Some(prost_types::Timestamp::default()));
    assert_eq!(found.colour, Some(1));
    assert_eq!(
        found.anything.and_then(|value| value.kind),
        Some(prost_types::value::Kind::NullValue(0))
    );
    assert!(found.inner.and_then(|inner| inner.inner).is_some());

    let unspecified = kinds::Options {
        colour: Some(0),
        ..kinds::Options::default()
    };
    assert_eq!(
        ours::<Options>(&unspecified),
        Err("at `/colour`: unspecified".to_owned())
    );
}

#[test]
fn defaults_are_for_what_is_not_there() {
    assert_eq!(ours(&kinds::Defaults::default()), Ok(Defaults::new()));
    let found: kinds::Defaults = theirs(&Defaults::new());
    assert_eq!(found.int, Some(-7));
    assert_eq!(found.price.as_deref(), Some("0.50"));
    assert_eq!(found.colour, Some(300));

    let zero = Defaults {
        flag: false,
        int: 0,
        wide: 0,
        double: 0.0,
        text: String::new(),
        pause: anywire::Duration::default(),
        colour: Colour::Red,
        revision: Revision(0),
        list: vec![0],
        map: [(String::new(), 0)].into(),
        ..Defaults::new()
    };
    let found: kinds::Defaults = theirs(&zero);
    assert_eq!(found.flag, Some(false));
    assert_eq!(found.text.as_deref(), Some(""));
    assert_eq!(found.revision, Some(0));
}

pub(crate) fn lists() -> Lists {
    Lists::new(
        vec![true, false],
        vec![0, -1, i32::MAX],
        vec![-128, 0, 127],
        vec![0, u64::MAX],
        vec![0.0, 1.5],
        vec![f64::INFINITY, -0.5],
        vec![String::new(), "x".repeat(200)],
        vec![Bytes::new(), Bytes::from_static(b"\xFF")],
        vec![Id(ID.parse().expect("a UUID"))],
        vec![Timestamp::from_millis(0), Timestamp::from_millis(-1)],
        vec![Json::default(), Json(1.into())],
        vec![money(), money()],
        vec![Colour::Green, Colour::Red],
        vec![shape(), Shape::Nothing],
        vec![Revision(0), Revision(u64::MAX)],
        vec![Empty {}, Empty {}],
        Box::new(vec!["boxed".to_owned()]),
    )
}

#[test]
fn lists_are_packed_where_that_is_possible() {
    let found: kinds::Lists = theirs(&lists());
    assert_eq!(found.flags, [true, false]);
    assert_eq!(found.tinies, [-128, 0, 127]);
    assert_eq!(found.texts.len(), 2);
    assert_eq!(found.times.len(), 2);
    assert_eq!(found.colours, [300, 1]);
    assert_eq!(found.revisions, [0, u64::MAX]);
    assert_eq!(found.empties.len(), 2);
    assert_eq!(found.boxed, ["boxed"]);
    assert_eq!(anywire::proto::encode(&lists()), found.encode_to_vec());

    let wrong = kinds::Lists {
        colours: vec![1, 300, 2],
        ..found
    };
    assert_eq!(
        ours::<Lists>(&wrong),
        Err("at `/colours/2`: unknown value 2".to_owned())
    );
}

/// A list as protobuf had it before proto3.
#[derive(Clone, PartialEq, Message)]
struct Unpacked {
    #[prost(bool, repeated, packed = "false", tag = "1")]
    flags: Vec<bool>,
    #[prost(int32, repeated, packed = "false", tag = "2")]
    ints: Vec<i32>,
    #[prost(float, repeated, packed = "false", tag = "5")]
    singles: Vec<f32>,
    #[prost(int32, repeated, packed = "false", tag = "13")]
    colours: Vec<i32>,
}

#[test]
fn lists_are_read_when_they_are_not_packed() {
    let unpacked = Unpacked {
        flags: vec![true, false],
        ints: vec![-1, 0],
        singles: vec![0.0, 2.5],
        colours: vec![300, 1],
    };
    let found: Lists = ours(&unpacked).expect("lists");
    assert_eq!(found.flags, [true, false]);
    assert_eq!(found.ints, [-1, 0]);
    assert_eq!(found.singles, [0.0, 2.5]);
    assert_eq!(found.colours, [Colour::Green, Colour::Red]);
}

pub(crate) fn maps() -> Maps {
    Maps::new(
        [
            (String::new(), String::new()),
            ("a/~".to_owned(), "b".to_owned()),
        ]
        .into(),
        [(false, 0), (true, -1)].into(),
        [(-128, money()), (0, money())].into(),
        [(u64::MAX, Colour::Green)].into(),
        [(Revision(0), shape()), (Revision(9), Shape::Nothing)].into(),
        [(i64::MIN, 0.0), (0, -1.5)].into(),
        [
            (String::new(), Json::default()),
            ("x".to_owned(), Json(1.into())),
        ]
        .into(),
        [(0, Empty {}), (7, Empty {})].into(),
        Index([(0, Bytes::new()), (u16::MAX, Bytes::from_static(b"x"))].into()),
    )
}

#[test]
fn maps_have_keys_of_every_kind() {
    let found: kinds::Maps = theirs(&maps());
    assert_eq!(found.texts["a/~"], "b");
    assert_eq!(found.by_flag[&true], -1);
    assert_eq!(found.by_tiny[&-128].currency, 5);
    assert_eq!(found.by_long[&u64::MAX], 300);
    assert_eq!(found.by_big[&i64::MIN], 0.0);
    assert_eq!(found.empties.len(), 2);
    assert_eq!(found.index[&65_535], b"x");

    let mut wrong = found.clone();
    wrong.by_tiny.insert(
        3,
        shared::Money {
            amount: "x".to_owned(),
            currency: 1,
        },
    );
    let error = ours::<Maps>(&wrong).expect_err("no decimal");
    assert!(error.starts_with("at `/byTiny/3/amount`"), "{error}");
    let mut wrong = found.clone();
    wrong.by_long.insert(5, 0);
    assert_eq!(
        ours::<Maps>(&wrong),
        Err("at `/byLong/5`: missing".to_owned())
    );
    let mut wrong = found;
    wrong.index.insert(65_536, Vec::new());
    assert!(ours::<Maps>(&wrong).is_err());
}

#[test]
fn variants_are_messages_of_their_own() {
    let found: kinds::Shape = theirs(&shape());
    let Some(kinds::shape::Variant::Boxes(boxes)) = found.variant else {
        panic!("another variant: {found:?}");
    };
    assert_eq!(boxes.label.as_deref(), Some(""));
    assert_eq!(boxes.count, Some(0));
    assert_eq!(boxes.others.len(), 2);

    let absent = kinds::shape::Boxes {
        count: None,
        label: None,
        ..*boxes
    };
    let absent = kinds::Shape {
        variant: Some(kinds::shape::Variant::Boxes(absent.into())),
    };
    match ours(&absent) {
        Ok(Shape::Boxes {
            label: None,
            count: 1,
            ..
        }) => {}
        other => panic!("expected the default, found {other:?}"),
    }
    let first = kinds::shape::Boxes::default();
    let first = kinds::Shape {
        variant: Some(kinds::shape::Variant::Boxes(first.into())),
    };
    assert_eq!(
        ours::<Shape>(&first),
        Err("at `/first`: missing".to_owned())
    );
}

#[test]
fn numbers_of_every_size() {
    let sparse = Sparse {
        last: 1,
        one_byte: "a".to_owned(),
        two_bytes: "b".to_owned(),
        three_bytes: vec![1, 300],
        r#type: Some(Box::new(Sparse::new(0, "", "", vec![]))),
    };
    let found: kinds::Sparse = theirs(&sparse);
    assert_eq!((found.last, &*found.two_bytes), (1, "b"));
    assert!(found.r#type.is_some());
}
