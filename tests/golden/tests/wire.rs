//! The wire form of every kind of type, through generated code.

use std::collections::{BTreeMap, HashMap};

use anywire::{Bytes, ContractError, Kind, Uuid, Wire, check::Violations, json};
use anywire_golden::{
    checks::SignUp,
    containers::{Containers, Key},
    defaults::{Level, Order, Page},
    enums::{Color, Role},
    errors::{Refused, UserError, UserId},
    nested::{Address, Contact, Person, Tag},
    scalars::{Empty, Scalars, Wide},
    unions::{Payment, Shape},
};

/// Both directions: the value has this text, and the text is this value.
#[track_caller]
fn same<T: Wire + PartialEq + std::fmt::Debug>(value: &T, text: &str) {
    assert_eq!(json::encode(value).expect("it encodes"), text);
    assert_eq!(json::decode::<T>(text.as_bytes()).as_ref(), Ok(value));
}

#[track_caller]
fn reads<T: Wire + PartialEq + std::fmt::Debug>(text: &str, value: &T) {
    assert_eq!(json::decode::<T>(text.as_bytes()).as_ref(), Ok(value));
}

#[track_caller]
fn refuses<T: Wire + std::fmt::Debug>(text: &str, error: &str) {
    let found = json::decode::<T>(text.as_bytes()).expect_err("it does not decode");
    assert_eq!(found.to_string(), error);
}

fn wide(id: u64) -> Wide {
    Wide::new(id)
}

#[test]
fn scalars() {
    let all = Scalars {
        yes: true,
        tiny: -8,
        small: -16,
        medium: -32,
        large: -64,
        byte: 8,
        short: 16,
        word: 32,
        long: 64,
        single: 0.1,
        double: 1.5,
        text: "é\n".to_owned(),
        bytes: Bytes::from_static(b"\x00\xff"),
        uuid: Uuid::from_u128(7),
        decimal: "12.50".parse().expect("a decimal"),
        date: "2026-01-31".parse().expect("a date"),
        timestamp: "2026-01-31T12:00:00Z".parse().expect("a time"),
        duration: "1.5s".parse().expect("a duration"),
        json: anywire::Json(Vec::<u8>::new().into()),
    };
    let text = concat!(
        r#"{"yes":true,"tiny":-8,"small":-16,"medium":-32,"large":-64,"byte":8,"short":16,"word":32,"#,
        r#""long":64,"single":0.1,"double":1.5,"text":"é\n","bytes":"AP8=","#,
        r#""uuid":"00000000-0000-0000-0000-000000000007","decimal":"12.50","date":"2026-01-31","#,
        r#""timestamp":"2026-01-31T12:00:00Z","duration":"1.5s","json":[]}"#
    );
    same(&all, text);
    same(&Empty::new(), "{}");
    reads(r#"{"later":[{}]}"#, &Empty {});
    refuses::<Scalars>(
        &text.replace("\"byte\":8", "\"byte\":256"),
        "at `/byte`: 256 is out of range, expected an integer from 0 to 255",
    );
    refuses::<Scalars>(&text.replace("\"yes\":true,", ""), "at `/yes`: missing");
}

#[test]
fn wide_integers_are_text_and_read_as_either() {
    let large = Wide {
        id: u64::MAX,
        parent: Some(i64::MIN),
        revision: 1,
    };
    same(
        &large,
        r#"{"id":"18446744073709551615","parent":"-9223372036854775808","revision":"1"}"#,
    );
    same(&wide(1), r#"{"id":"1","revision":"7"}"#);
    reads(r#"{"id":1,"parent":null}"#, &wide(1));
    reads(
        r#"{"revision":"9","parent":2,"id":"1"}"#,
        &Wide {
            id: 1,
            parent: Some(2),
            revision: 9,
        },
    );
    refuses::<Wide>(
        r#"{"id":"x"}"#,
        "at `/id`: expected an integer as text, found \"x\"",
    );
}

#[test]
fn containers() {
    let leaf = Containers::new(vec![], BTreeMap::new(), HashMap::new());
    same(&leaf, r#"{"list":[],"sorted":{},"hashed":{}}"#);
    let all = Containers {
        list: vec![wide(1), wide(2)],
        sorted: BTreeMap::from([(Key::from("b"), wide(3)), (Key::from("a"), wide(4))]),
        hashed: HashMap::from([(7, "seven".to_owned())]),
        boxed: Some(Box::new(leaf)),
    };
    let text = concat!(
        r#"{"list":[{"id":"1","revision":"7"},{"id":"2","revision":"7"}],"#,
        r#""sorted":{"a":{"id":"4","revision":"7"},"b":{"id":"3","revision":"7"}},"#,
        r#""hashed":{"7":"seven"},"boxed":{"list":[],"sorted":{},"hashed":{}}}"#
    );
    same(&all, text);
    refuses::<Containers>(
        r#"{"hashed":{"x":""}}"#,
        "at `/hashed/x`: the key is not of the map's key type",
    );
    refuses::<Containers>(
        r#"{"list":[{"id":1},{"id":-1}]}"#,
        "at `/list/1/id`: expected an integer from 0 to 18446744073709551615, found -1",
    );
}

#[test]
fn what_is_left_out_is_empty_or_has_its_default() {
    let page = Page::new();
    reads("{}", &page);
    assert_eq!(page.page_size, 20);
    assert!((page.least + 1.5).abs() < f64::EPSILON);
    assert_eq!(
        (page.sort_by.as_str(), page.order, page.level),
        ("name", Order::Descending, Level(3))
    );
    assert_eq!(
        (page.price.to_string(), page.wait.to_string()),
        ("0.50".to_owned(), "1.5s".to_owned())
    );
    let text = concat!(
        r#"{"pageSize":20,"least":-1.5,"isSorted":true,"sortBy":"name","tags":[],"counts":{},"#,
        r#""order":"descending","wait":"1.5s","price":"0.50","level":3}"#
    );
    same(&page, text);
    reads(r#"{"nickName":null}"#, &page);
    reads(
        r#"{"nickName":"x"}"#,
        &Page {
            nick_name: Some("x".to_owned()),
            ..page
        },
    );
    // A default is for what is absent; `null` is a value of another type.
    refuses::<Page>(
        r#"{"pageSize":null}"#,
        "at `/pageSize`: expected int, found null",
    );
}

#[test]
fn unit_enums() {
    same(&Color::Red, r#""red""#);
    same(&Color::Green, r#""GREEN""#);
    refuses::<Color>(r#""blue""#, "unknown value, expected one of `red`, `GREEN`");
    assert_eq!(Color::Green.to_string(), "GREEN");

    same(&Role::TeamMember, r#""team_member""#);
    let later: Role = json::decode(br#""owner""#).expect("open enums read anything");
    assert!(matches!(later, Role::Unknown(_)));
    same(&later, r#""owner""#);
}

#[test]
fn data_enums_have_their_tag_anywhere() {
    let card = Payment::Card {
        last4: "4242".to_owned(),
        amount: 5,
    };
    same(&card, r#"{"type":"card","last4":"4242","amount":"5"}"#);
    reads(
        r#"{"last4":"4242","type":"card","amount":5,"more":{"type":"cash"}}"#,
        &card,
    );
    same(&Payment::Cash {}, r#"{"type":"cash"}"#);
    same(&Payment::Nothing, r#"{"type":"nothing"}"#);
    reads(r#"{"more":[1],"type":"nothing"}"#, &Payment::Nothing);
    refuses::<Payment>(
        r#"{"type":"coin"}"#,
        "at `/type`: unknown value, expected one of `card`, `cash`, `nothing`",
    );
    refuses::<Payment>("{}", "at `/type`: missing");
    refuses::<Payment>(r#"{"type":"card","amount":"1"}"#, "at `/last4`: missing");

    let circle = Shape::Circle { radius: 2.5 };
    let boxed = Shape::Boxed {
        inner: Box::new(circle),
        label: None,
    };
    same(
        &boxed,
        r#"{"kind":"boxed","inner":{"kind":"circle","radius":2.5}}"#,
    );
    let later: Shape =
        json::decode(br#"{"sides":[1,2],"kind":"polygon"}"#).expect("open enums read anything");
    assert!(matches!(later, Shape::Unknown(_)));
    same(&later, r#"{"sides":[1,2],"kind":"polygon"}"#);
}

#[test]
fn errors() {
    let missing = UserError::NotFound {
        user_id: UserId(Uuid::from_u128(7)),
    };
    assert_eq!(
        missing.to_string(),
        "User 00000000-0000-0000-0000-000000000007 not found"
    );
    assert_eq!(
        (missing.code(), missing.kind(), missing.is_retryable()),
        ("NOT_FOUND", Kind::NotFound, false)
    );
    assert_eq!(UserError::TYPE, "golden.errors.v1.UserError");
    assert!(UserError::DirectoryDown.is_retryable());

    let taken = UserError::EmailTaken {
        email: "a@b".to_owned(),
        hint: "c".to_owned(),
        others: vec!["d".to_owned()],
    };
    assert_eq!(taken.to_string(), "a@b is {taken}, try c");
    for error in [missing, taken, UserError::DirectoryDown] {
        let mut to = json::Writer::new();
        error.encode_details(&mut to);
        let details = to.finish().expect("it encodes");
        let read = UserError::decode_details(error.code(), &mut json::Reader::new(&details));
        assert_eq!(read, Ok(Some(error)));
    }
    let mut nothing = json::Reader::new(b"{}");
    assert_eq!(UserError::decode_details("LATER", &mut nothing), Ok(None));
    assert!(UserError::decode_details("EMAIL_TAKEN", &mut nothing).is_err());
    assert_eq!(Refused::NotYou {}.to_string(), "not you");
}

/// All violations as `pointer: message`.
fn violations(value: &impl Wire) -> Vec<String> {
    let mut found = Violations::default();
    value.check(&mut found);
    let (found, _) = found.finish();
    found
        .into_iter()
        .map(|one| format!("{}: {}", one.pointer, one.message))
        .collect()
}

#[test]
fn every_violation_is_found_at_its_place() {
    let sound = SignUp::new(
        "a@b",
        150,
        -0.5,
        "99.99".parse().expect("a decimal"),
        "120s".parse().expect("a duration"),
        vec![Tag::from("x")],
    );
    assert_eq!(violations(&sound), Vec::<String>::new());
    let broken = SignUp {
        email_address: "é".to_owned(),
        nick_name: Some("x".to_owned()),
        age: 151,
        score: -0.6,
        price: "0.009".parse().expect("a decimal"),
        wait: "120.5s".parse().expect("a duration"),
        tags: vec![
            Tag::from("x"),
            Tag::from("X"),
            Tag::from("x"),
            Tag::from(""),
        ],
        bytes: Some(Box::new(Bytes::from_static(b"12345"))),
    };
    assert_eq!(
        violations(&broken),
        [
            "/emailAddress: must have 3 to 254 characters",
            "/emailAddress: must match `^[^@]+@[^@]+$`",
            "/nickName: must have at least 2 characters",
            "/age: must be 0 to 150",
            "/score: must be at least -0.5",
            "/price: must be 0.01 to 99.99",
            "/wait: must be at most 120s",
            "/tags: must have 1 to 3 items",
            "/tags: must not have equal items",
            "/tags/1: must match `^[a-z]*$`",
            "/tags/3: must have 1 to 8 characters",
            "/bytes: must have at most 4 bytes",
        ]
    );
}

#[test]
fn checks_reach_into_values() {
    let nowhere = || Address::new("", "Ghent");
    let mut person = Person::new(
        nowhere(),
        BTreeMap::from([("a/b".to_owned(), nowhere())]),
        Tag::from("x"),
        "",
    );
    person.contact = Some(Contact::Visit { at: nowhere() });
    assert_eq!(
        violations(&person),
        [
            "/address/street: must have at least 1 characters",
            "/others/a~1b/street: must have at least 1 characters",
            "/contact/at/street: must have at least 1 characters",
            "/tag: must have 2 to 2 characters",
        ]
    );
    person.contact = Some(Contact::Phone {
        number: "x".to_owned(),
        note: String::new(),
    });
    assert!(violations(&person).contains(&"/contact/number: must match `^[0-9]+$`".to_owned()));
}
