//! What only a later version of the contract knows.

use anywire::{Proto, proto};
use anywire_proto::{
    kinds::{Boxed, Colour, Empty, Mood, Notice, Unsure},
    theirs::later::v1 as later,
};
use prost::Message;

use crate::ours;

fn unsure() -> later::Unsure {
    let moved = later::notice::Moved {
        to: "there".to_owned(),
        by: -1,
    };
    let moved = later::Notice {
        variant: Some(later::notice::Variant::Moved(moved)),
    };
    let done = later::notice::Variant::Done(later::notice::Done {});
    let done = later::Notice {
        variant: Some(done),
    };
    later::Unsure {
        mood: later::Mood::Foul.into(),
        moods: vec![2, 70, 1],
        notice: Some(moved.clone()),
        notices: [("a".to_owned(), moved), ("b".to_owned(), done)].into(),
    }
}

#[test]
fn fields_are_passed_over() {
    let empty = later::Empty {
        number: -1,
        text: "x".to_owned(),
        single: 1.0,
        double: 2.0,
        list: vec![1, 2],
        mood: 1,
        notice: Some(later::Notice { variant: None }),
    };
    assert_eq!(ours(&empty), Ok(Empty {}));
    assert_eq!(ours(&empty), Ok(Boxed(Box::new(Empty {}))));
    assert_eq!(ours(&empty), Ok(()));
}

#[test]
fn values_and_variants_are_kept_and_written_back() {
    let later = unsure();
    let unsure: Unsure = ours(&later).expect("it may grow");
    match (&unsure.mood, &unsure.notice) {
        (Mood::Unknown(mood), Notice::Unknown(notice)) => {
            assert_eq!(
                (mood.to_string(), notice.to_string()),
                ("70".to_owned(), "3".to_owned())
            );
        }
        other => panic!("expected what is not known, found {other:?}"),
    }
    assert_eq!(unsure.moods[0], Mood::Fair);
    assert_eq!(unsure.notices["b"], Notice::Done);
    let back = later::Unsure::decode(proto::encode(&unsure)).expect("prost reads it");
    assert_eq!(back, later);
    assert_eq!(proto::encode(&unsure), later.encode_to_vec());
    // JSON has names, and nobody knows them.
    assert!(anywire::json::encode(&unsure.mood).is_err());
    assert!(anywire::json::encode(&unsure.notice).is_err());
}

#[test]
fn what_came_as_json_is_nothing_in_protobuf() {
    let json = br#"{"mood":"foul","moods":[],"notice":{"type":"moved"},"notices":{}}"#;
    let unsure: Unsure = anywire::json::decode(json).expect("it may grow");
    let error = proto::decode::<Unsure>(&proto::encode(&unsure)).expect_err("nothing");
    assert_eq!(error.to_string(), "at `/mood`: unspecified");
}

#[test]
fn closed_enums_refuse_what_they_do_not_know() {
    assert_eq!(one::<Colour>(&[0x46]), Err("unknown value 70".to_owned()));
    let star = [0x1A, 0x00];
    let error = proto::decode::<anywire_proto::kinds::Shape>(&star).expect_err("no shape");
    assert_eq!(error.to_string(), "unknown variant 3");
}

/// A value without a message around it.
fn one<T: Proto>(bytes: &[u8]) -> Result<T, String> {
    T::decode(&mut proto::Reader::new(bytes)).map_err(|error| error.to_string())
}

#[test]
fn zero_is_nothing_even_where_an_enum_may_grow() {
    let later = later::Unsure {
        mood: 0,
        ..unsure()
    };
    assert_eq!(
        ours::<Unsure>(&later),
        Err("at `/mood`: missing".to_owned())
    );
    let later = later::Unsure {
        moods: vec![1, 0],
        ..unsure()
    };
    assert_eq!(
        ours::<Unsure>(&later),
        Err("at `/moods/1`: unspecified".to_owned())
    );
    let nothing = later::Notice { variant: None };
    let later = later::Unsure {
        notice: Some(nothing),
        ..unsure()
    };
    assert_eq!(
        ours::<Unsure>(&later),
        Err("at `/notice`: missing".to_owned())
    );
}
