//! Patterns as peers may write them.

use proptest::{collection::vec, prelude::*};

use super::*;

fn meta(pattern: String, route: String) -> Meta {
    Meta {
        pattern: pattern.leak(),
        route: route.leak(),
        ..Meta::BLANK
    }
}

/// The table of one operation.
fn registered(pattern: &str, route: &str) -> Patterns {
    let mut patterns = Patterns::default();
    let meta = meta(pattern.to_owned(), route.to_owned());
    assert_eq!(patterns.insert(&meta, 7), None);
    patterns
}

/// A pattern as contracts can have them: objects of names, texts, numbers, booleans.
fn any_pattern() -> impl Strategy<Value = Value> {
    let leaf = prop_oneof![
        any::<bool>().prop_map(Value::from),
        (-1_000_000..1_000_000_i64).prop_map(Value::from),
        "[a-z .\"\\\\é🦀]{0,8}".prop_map(Value::from),
    ];
    let object = leaf.prop_recursive(4, 16, 4, |inner| {
        vec(("[A-Za-z_][A-Za-z0-9_]{0,3}", inner), 0..5)
            .prop_map(|members| Value::Object(members.into_iter().collect()))
    });
    vec(("[A-Za-z_]{1,3}", object), 1..5)
        .prop_map(|members| Value::Object(members.into_iter().collect()))
}

/// The same value with every object's keys turned around.
fn reversed(value: &Value) -> String {
    match value {
        Value::Object(members) => {
            let members: Vec<_> = members
                .iter()
                .rev()
                .map(|(key, value)| format!("{} : {}", Value::from(key.as_str()), reversed(value)))
                .collect();
            format!("{{ {} }}", members.join(" , "))
        }
        other => other.to_string(),
    }
}

proptest! {
    #[test]
    fn a_pattern_is_found_however_it_is_written(pattern in any_pattern()) {
        let compact = pattern.to_string();
        let patterns = registered(&compact, &compact);
        let as_text = Value::from(compact.as_str()).to_string();
        let reversed = reversed(&pattern);
        let reversed_as_text = Value::from(reversed.as_str()).to_string();
        for written in [compact, as_text, reversed, reversed_as_text] {
            prop_assert_eq!(patterns.find(written.as_bytes()), Some(7), "{}", written);
        }
    }

    #[test]
    fn different_patterns_are_kept_apart(one in any_pattern(), other in any_pattern()) {
        prop_assume!(one != other);
        let one = one.to_string();
        prop_assert_eq!(registered(&one, &one).find(other.to_string().as_bytes()), None);
    }

    #[test]
    fn whatever_a_peer_writes_is_looked_up_without_harm(bytes in vec(any::<u8>(), 0..60)) {
        let _ = registered("\"echo\"", "echo").find(&bytes);
    }
}

#[test]
fn text_numbers_and_arrays_lead_where_nest_leads() {
    let same = [
        ("\"math.sum\"", "math.sum", "\"math\\u002esum\""),
        ("42", "42", "\"42\""),
        ("42", "42", "42.0"),
        ("42", "42", "4.2e1"),
        ("-7", "-7", "\" -7 \""),
        (
            "[1,\"q\"]",
            "{\"0\":1,\"1\":\"q\"}",
            "{\"1\":\"q\",\"0\":1}",
        ),
        ("{\"a\":[]}", "{\"a\":{}}", "{ \"a\" : {} }"),
        ("{\"a\":1.5}", "{\"a\":1.5}", "{\"a\":15e-1}"),
        ("{\"a\":null}", "{\"a\":null}", "\"{\\\"a\\\":null}\""),
    ];
    for (pattern, route, written) in same {
        assert_eq!(
            registered(pattern, route).find(written.as_bytes()),
            Some(7),
            "{pattern} written as {written}"
        );
    }
    let different = [
        ("{\"a\":1}", "{\"a\":1}", "{\"a\":\"1\"}"),
        ("{\"a\":\"true\"}", "{\"a\":\"true\"}", "{\"a\":true}"),
        ("\"a\"", "a", "\"a \""),
        ("\"a\"", "a", "\"A\""),
        ("\"a\"", "a", "null"),
        ("\"a\"", "a", ""),
    ];
    for (pattern, route, written) in different {
        assert_eq!(
            registered(pattern, route).find(written.as_bytes()),
            None,
            "{pattern} written as {written}"
        );
    }
}

#[test]
fn one_pattern_has_one_place() {
    let mut patterns = registered("{\"a\":1,\"b\":2}", "{\"a\":1,\"b\":2}");
    let again = meta(
        "{\"b\":2,\"a\":1}".to_owned(),
        "{\"a\":1,\"b\":2}".to_owned(),
    );
    assert_eq!(patterns.insert(&again, 8), Some(7));
    assert_eq!(patterns.find(b"{\"b\":2,\"a\":1}"), Some(7));
}

/// A pattern is the first thing that is looked at, so that it must not exhaust the stack.
#[test]
fn a_pattern_nested_without_end_has_no_handler() {
    let nested = "[".repeat(1 << 20) + &"]".repeat(1 << 20);
    assert_eq!(registered("\"a\"", "a").find(nested.as_bytes()), None);
    let as_text = Value::from(nested).to_string();
    assert_eq!(registered("\"a\"", "a").find(as_text.as_bytes()), None);
}
