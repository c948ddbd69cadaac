//! serde's interfaces over the codec of the wire: `Build::serde()`.

use anywire::json;
use anywire_golden::{
    unions::{Payment, Shape},
    users::{GetUserRequest, User, UserId},
};
use serde_json::{json, to_string};

#[test]
fn serde_writes_what_travels() {
    let user = User::new(UserId(anywire::Uuid::from_u128(7)), "ada@example.com");
    let travels = json::encode(&user).expect("it can be written");
    assert_eq!(
        to_string(&user).expect("serde writes it").as_bytes(),
        travels
    );

    let payment = Payment::Card {
        last4: "4242".to_owned(),
        amount: u64::MAX,
    };
    assert_eq!(
        to_string(&[payment]).expect("serde writes it"),
        r#"[{"type":"card","last4":"4242","amount":"18446744073709551615"}]"#
    );
}

#[test]
fn serde_reads_what_travels_and_says_where_it_fails() {
    let read: GetUserRequest =
        serde_json::from_value(json!({ "id": "00000000-0000-0000-0000-000000000007" }))
            .expect("serde reads it");
    assert!(!read.with_credit);

    let shape: Vec<Shape> =
        serde_json::from_str(r#"[{"kind":"star","points":5}]"#).expect("it may grow");
    assert_eq!(
        to_string(&shape).expect("serde writes it"),
        r#"[{"kind":"star","points":5}]"#
    );

    let wrong = serde_json::from_value::<User>(json!({ "id": 7 })).expect_err("no such user");
    assert!(wrong.to_string().contains("`/id`"), "{wrong}");
}

#[test]
fn what_json_cannot_hold_is_an_error() {
    let shape = Shape::Circle { radius: f64::NAN };
    let error = to_string(&shape).expect_err("not a number");
    assert!(error.to_string().contains("NaN"), "{error}");
}
