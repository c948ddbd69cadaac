//! Routes: what a pattern is called on the wire.
//!
//! The route equals Nest's `transformPatternToRoute`, byte for byte: channels,
//! subjects, queues and topics shared with Nest peers carry it as their name.
//!
//! | Pattern | Route |
//! |---|---|
//! | `"math.sum"` | `math.sum` |
//! | `"users.{role}.created"` | `users.{role}.created`, which stands for many names |
//! | `{ cmd: "sum" }` | `{"cmd":"sum"}` |
//! | `{ b: 1, A: true, a: { x: "\"" } }` | `{"a":{"x":"\""},"A":true,"b":1}` |

use std::cmp::Ordering;

use crate::json;
use crate::model::{Pattern, PatternPart, PatternValue};

/// The canonical route of a pattern.
pub fn route(pattern: &Pattern) -> String {
    match pattern {
        Pattern::Text(text) => text.clone(),
        Pattern::Wildcards(parts) => with_wildcards(parts, |name| format!("{{{name}}}")),
        Pattern::Object(entries) => {
            let mut out = String::new();
            write_object(&mut out, entries, true);
            out
        }
    }
}

/// The pattern as JSON, keys in the user's order: what a packet carries.
pub fn packet_json(pattern: &Pattern) -> String {
    match pattern {
        Pattern::Text(_) | Pattern::Wildcards(_) => json::quote(&route(pattern)),
        Pattern::Object(entries) => {
            let mut out = String::new();
            write_object(&mut out, entries, false);
            out
        }
    }
}

/// The name with every wildcard written in a way of one's own, as brokers do:
/// `users.*.created`.
pub(crate) fn with_wildcards(parts: &[PatternPart], wildcard: impl Fn(&str) -> String) -> String {
    let parts: Vec<String> = parts
        .iter()
        .map(|part| match part {
            PatternPart::Text(text) => text.clone(),
            PatternPart::Argument(name) => wildcard(name),
        })
        .collect();
    parts.join(".")
}

/// Whether Kafka takes the name for a topic.
pub fn is_topic(name: &str) -> bool {
    (1..=249).contains(&name.len())
        && !matches!(name, "." | "..")
        && name
            .bytes()
            .all(|c| c.is_ascii_alphanumeric() || matches!(c, b'.' | b'_' | b'-'))
}

fn write_object(out: &mut String, entries: &[(String, PatternValue)], canonical: bool) {
    let mut entries: Vec<&(String, PatternValue)> = entries.iter().collect();
    if canonical {
        entries.sort_by(|(a, _), (b, _)| compare_keys(a, b));
    }
    out.push('{');
    for (at, (key, value)) in entries.into_iter().enumerate() {
        if at > 0 {
            out.push(',');
        }
        out.push('"');
        out.push_str(key);
        out.push_str("\":");
        match value {
            PatternValue::Text(text) if canonical => {
                out.push('"');
                // Nest escapes these two and nothing else: a newline stays raw.
                out.push_str(&text.replace('\\', "\\\\").replace('"', "\\\""));
                out.push('"');
            }
            PatternValue::Text(text) => out.push_str(&json::quote(text)),
            PatternValue::Int(value) => out.push_str(&value.to_string()),
            PatternValue::Bool(value) => out.push_str(if *value { "true" } else { "false" }),
            PatternValue::Object(entries) => write_object(out, entries, canonical),
        }
    }
    out.push('}');
}

/// The order of JavaScript's `localeCompare` for ASCII identifiers: underscore,
/// digits, letters without case; among equals, lower before upper.
///
/// Proved against the real function in `tests/locale_compare.rs`.
pub fn compare_keys(a: &str, b: &str) -> Ordering {
    let without_case = a.bytes().map(weight).cmp(b.bytes().map(weight));
    let lower_first = || {
        a.bytes()
            .map(|c| c.is_ascii_uppercase())
            .cmp(b.bytes().map(|c| c.is_ascii_uppercase()))
    };
    without_case.then_with(lower_first)
}

/// Underscore, then digits, then letters, each group in its own order.
fn weight(c: u8) -> (u8, u8) {
    match c {
        b'0'..=b'9' => (1, c),
        b'_' => (0, c),
        _ => (2, c.to_ascii_lowercase()),
    }
}

#[cfg(test)]
mod tests {
    use super::{packet_json, route};
    use crate::model::{Pattern, PatternPart, PatternValue as V};

    #[test]
    fn routes() {
        let text = |text: &str| V::Text(text.to_owned());
        let object = |entries: &[(&str, V)]| -> Vec<(String, V)> {
            entries
                .iter()
                .map(|(key, value)| ((*key).to_owned(), value.clone()))
                .collect()
        };
        for (pattern, expected, packet) in [
            (Pattern::Text("math.sum".into()), "math.sum", "\"math.sum\""),
            (
                Pattern::Wildcards(vec![
                    PatternPart::Text("users".into()),
                    PatternPart::Argument("role".into()),
                ]),
                "users.{role}",
                "\"users.{role}\"",
            ),
            (
                Pattern::Object(object(&[("cmd", text("sum"))])),
                "{\"cmd\":\"sum\"}",
                "{\"cmd\":\"sum\"}",
            ),
            (
                Pattern::Object(object(&[
                    ("B", V::Int(1)),
                    ("a", V::Int(-2)),
                    ("A", V::Bool(true)),
                    ("b", V::Int(4)),
                ])),
                "{\"a\":-2,\"A\":true,\"b\":4,\"B\":1}",
                "{\"B\":1,\"a\":-2,\"A\":true,\"b\":4}",
            ),
            (
                Pattern::Object(object(&[
                    ("b", text("\"\\\n")),
                    ("a", V::Object(object(&[("x", V::Bool(false))]))),
                ])),
                "{\"a\":{\"x\":false},\"b\":\"\\\"\\\\\n\"}",
                "{\"b\":\"\\\"\\\\\\n\",\"a\":{\"x\":false}}",
            ),
            (
                Pattern::Object(object(&[
                    ("a1", V::Int(1)),
                    ("a_b", V::Int(1)),
                    ("a_2", V::Int(1)),
                    ("a", V::Int(1)),
                ])),
                "{\"a\":1,\"a_2\":1,\"a_b\":1,\"a1\":1}",
                "{\"a1\":1,\"a_b\":1,\"a_2\":1,\"a\":1}",
            ),
        ] {
            assert_eq!(route(&pattern), expected);
            assert_eq!(packet_json(&pattern), packet);
        }
    }
}
