use super::Told;
use crate::Meta;

const fn meta(fingerprint: &'static str) -> Meta {
    Meta {
        fingerprint,
        ..Meta::BLANK
    }
}

static GET: Meta = meta("0123456789abcdef");
static LIST: Meta = meta("fedcba9876543210");
static BY_HAND: Meta = meta("");

#[test]
fn a_difference_is_new_once_for_each_operation() {
    let told = Told(Default::default());
    assert!(told.is_new(&GET, LIST.fingerprint));
    assert!(!told.is_new(&GET, LIST.fingerprint));
    assert!(told.is_new(&GET, "0000000000000000"));
    assert!(told.is_new(&LIST, "0000000000000000"));
    assert!(!told.is_new(&BY_HAND, "0000000000000000"));
}

#[test]
fn what_is_no_fingerprint_is_not_told() {
    let told = Told(Default::default());
    for text in [
        "",
        "1",
        "0123456789abcdeg",
        "+123456789abcdef",
        "0123456789abcdef0",
        "é",
    ] {
        assert!(!told.is_new(&GET, text), "{text}");
    }
}

#[test]
fn those_that_a_peer_makes_up_end() {
    let told = Told(Default::default());
    let made_up = (0..10_000).map(|number| format!("{number:016x}"));
    let count = made_up.filter(|theirs| told.is_new(&GET, theirs)).count();
    assert_eq!(count, Told::MAX);
}
