//! Texts that are JSON and texts that are not, judged as another parser judges them.

use proptest::{collection::vec, prelude::*};
use serde_json::Value;

use crate::{
    Json, Unrecognized,
    json::{DecodeError, MAX_DEPTH, decode},
};

/// Whether a text is JSON, whatever way it is read; a number may be of any size.
fn is_json(text: &[u8]) -> bool {
    let skipped = decode::<()>(text);
    let raw = decode::<Unrecognized>(text);
    assert_eq!(skipped.as_ref().err(), raw.as_ref().err(), "{text:?}");
    if let Ok(raw) = raw {
        let trimmed = str::from_utf8(text).expect("UTF-8").trim_ascii();
        assert_eq!(raw.to_string(), trimmed);
    }
    skipped.is_ok()
}

/// Reads a text in every way, and the same as `serde_json`.
fn judge(text: &[u8]) {
    let expected = serde_json::from_slice::<Value>(text);
    match (&expected, decode::<Json>(text)) {
        (Ok(expected), Ok(Json(found))) => assert_eq!(&found, expected),
        (Err(_), Err(_)) => {}
        (_, found) => panic!("{text:?} is {expected:?}, found {found:?}"),
    }
    // Numbers that nothing can hold are JSON all the same.
    let is_size = |error: &serde_json::Error| error.to_string().contains("number out of range");
    if !expected.as_ref().is_err_and(is_size) {
        assert_eq!(is_json(text), expected.is_ok(), "{text:?} is {expected:?}");
    }
    let expected = serde_json::from_slice::<String>(text).ok();
    assert_eq!(decode::<String>(text).ok(), expected, "{text:?}");
    let expected = serde_json::from_slice::<Vec<Option<String>>>(text).ok();
    assert_eq!(
        decode::<Vec<Option<String>>>(text).ok(),
        expected,
        "{text:?}"
    );
}

/// Writes a value as somebody else might: with white space and escapes as the dice fall.
fn write(value: &Value, dice: &mut impl FnMut() -> u8, out: &mut String) {
    space(dice, out);
    match value {
        Value::Array(items) => {
            out.push('[');
            for (index, item) in items.iter().enumerate() {
                if index > 0 {
                    out.push(',');
                }
                write(item, dice, out);
            }
            space(dice, out);
            out.push(']');
        }
        Value::Object(members) => {
            out.push('{');
            for (index, (name, member)) in members.iter().enumerate() {
                if index > 0 {
                    out.push(',');
                }
                space(dice, out);
                write_text(name, dice, out);
                space(dice, out);
                out.push(':');
                write(member, dice, out);
            }
            space(dice, out);
            out.push('}');
        }
        Value::String(text) => write_text(text, dice, out),
        other => out.push_str(&other.to_string()),
    }
    space(dice, out);
}

fn space(dice: &mut impl FnMut() -> u8, out: &mut String) {
    let thrown = dice();
    if thrown < 64 {
        for _ in 0..thrown % 11 {
            out.push([' ', '\n', '\r', '\t'][usize::from(dice() % 4)]);
        }
    }
}

fn write_text(text: &str, dice: &mut impl FnMut() -> u8, out: &mut String) {
    out.push('"');
    for char in text.chars() {
        if dice() < 32 {
            for unit in char.encode_utf16(&mut [0; 2]) {
                out.push_str(&format!("\\u{unit:04X}"));
            }
        } else {
            let quoted = Value::from(char.to_string()).to_string();
            out.push_str(&quoted[1..quoted.len() - 1]);
        }
    }
    out.push('"');
}

fn any_value() -> impl Strategy<Value = Value> {
    let text = || prop_oneof![any::<String>(), "[a-z\"\\\\/\n\u{1}é🦀#!]{0,40}"];
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        any::<i64>().prop_map(Value::from),
        any::<u64>().prop_map(Value::from),
        any::<f64>().prop_map(Value::from),
        text().prop_map(Value::from),
    ];
    leaf.prop_recursive(6, 48, 6, move |inner| {
        prop_oneof![
            vec(inner.clone(), 0..6).prop_map(Value::from),
            vec((text(), inner), 0..6)
                .prop_map(|members| Value::Object(members.into_iter().collect())),
        ]
    })
}

fn any_text() -> impl Strategy<Value = String> {
    (any_value(), vec(any::<u8>(), 1..200)).prop_map(|(value, thrown)| {
        let mut thrown = thrown.iter().cycle();
        let mut out = String::new();
        let mut dice = || thrown.next().copied().unwrap_or_default();
        write(&value, &mut dice, &mut out);
        out
    })
}

proptest! {
    #[test]
    fn a_value_is_read_however_it_is_written(text in any_text()) {
        judge(text.as_bytes());
        prop_assert!(is_json(text.as_bytes()), "{}", text);
    }

    #[test]
    fn a_text_with_a_fault_is_judged_as_others_judge_it(
        text in any_text(),
        faults in vec((any::<proptest::sample::Index>(), 0..4_u8, prop_oneof![
            any::<u8>(),
            proptest::sample::select(&b"\"\\{}[],:0123456789.eE+-ntfu/ \n\0\x1f\x80\xff\xc3"[..]),
        ]), 1..4),
    ) {
        let mut text = text.into_bytes();
        for (at, kind, byte) in faults {
            let at = at.index(text.len() + 1);
            match kind {
                0 => text.insert(at, byte),
                1 => text.truncate(at),
                _ if at == text.len() => {}
                2 => text[at] = byte,
                _ => drop(text.remove(at)),
            }
        }
        judge(&text);
    }

    #[test]
    fn bytes_are_judged_as_others_judge_them(text in prop_oneof![
        vec(any::<u8>(), 0..40),
        "[\\[\\]{}\",:0-9a-eE.+\\-\\\\ntrufals ]{0,40}".prop_map(String::into_bytes),
        "\"[ -~\\\\\"u0-9dDa-cé\u{0}-\u{1f}]{0,40}\"".prop_map(String::into_bytes),
        "\"(\\\\u[dD][89a-fA-F][0-9a-f]{2}|\\\\[\"\\\\/bfnrtux]|[a-z]){0,8}\"".prop_map(String::into_bytes),
        ("[a-z]{0,12}", vec(any::<u8>(), 0..4), "[a-z]{0,12}")
            .prop_map(|(before, odd, after)| [b"\"", before.as_bytes(), &odd, after.as_bytes(), b"\""].concat()),
    ]) {
        judge(&text);
    }

    #[test]
    fn numbers_are_read_as_others_read_them(
        text in prop_oneof![
            "-?[0-9]{0,25}", "-?[0-9]{0,3}(\\.[0-9]{0,20})?([eE][+-]?[0-9]{0,3})?", "[-+.0-9eE]{0,6}",
            any::<f64>().prop_map(|number| number.to_string()),
            any::<i64>().prop_map(|number| number.to_string()),
            any::<u64>().prop_map(|number| number.to_string()),
        ],
        list in any::<bool>(),
    ) {
        judge(text.as_bytes());
        let text = if list { format!("{text} ") } else { text };
        let is_json = is_json(text.as_bytes());
        let float = decode::<f64>(text.as_bytes()).ok();
        prop_assert_eq!(float.is_some(), is_json);
        prop_assert_eq!(float, text.trim().parse().ok().filter(|_| is_json));
        // Other parsers of JSON take `-0` for a float.
        let integer = text.trim().parse::<i64>().ok().filter(|_| is_json);
        prop_assert_eq!(decode::<i64>(text.as_bytes()).ok(), integer);
        let integer = text.trim().parse::<u64>().ok().filter(|_| is_json);
        prop_assert_eq!(decode::<u64>(text.as_bytes()).ok(), integer);
    }
}

/// Strings that end, or have something in them, at each place of a word.
#[test]
fn every_byte_is_seen_wherever_it_stands() {
    for length in 0..40 {
        judge(format!("\"{}\"", "x".repeat(length)).as_bytes());
        judge(format!("\"{}", "x".repeat(length)).as_bytes());
        for at in 0..length {
            for byte in 0..=255 {
                let mut text = format!("\"{}\"", "x".repeat(length)).into_bytes();
                text[at + 1] = byte;
                judge(&text);
                if let Some(byte) = text.get_mut(at + 2) {
                    *byte = b'n';
                    judge(&text);
                }
            }
        }
    }
}

#[test]
fn numbers_at_the_edges() {
    for text in [
        "0",
        "-0",
        "0.0",
        "-0.0",
        "1e5",
        "1E+2",
        "1e-2",
        "0e0",
        "0e+1",
        "123e65",
        "20e1",
        "-0.0000000000000000000000000000001",
        "999999999999999999",
        "1000000000000000000",
        "9223372036854775807",
        "-9223372036854775808",
        "18446744073709551615",
        "1e-400",
        "100000000000000000000",
        "1.7976931348623157e308",
        "4.9406564584124654e-324",
        "2.2250738585072011e-308",
        "9007199254740993",
        "0.1",
        "1.000000000000000000000000001",
    ] {
        judge(text.as_bytes());
        assert!(is_json(text.as_bytes()), "{text}");
        assert_eq!(
            decode::<f64>(text.as_bytes()).ok(),
            text.parse().ok(),
            "{text}"
        );
    }
    for text in [
        "",
        "-",
        "+1",
        "++1",
        "-+1",
        "--1",
        "01",
        "-01",
        "00",
        "0.",
        "-0.",
        "1.",
        ".1",
        "-.1",
        "1.e1",
        "0.e1",
        "1e",
        "1e+",
        "1E-",
        "1e1.5",
        "1.2.3",
        "1e2e3",
        "0x1",
        "0b1",
        "1_000",
        "1 000",
        "1a",
        "0e",
        "0.3e",
        "0.3e+",
        "1.0e",
        "1+2",
        "- 1",
        "-a",
        "NaN",
        "-NaN",
        "nan",
        "Inf",
        "Infinity",
        "-Infinity",
        "infinity",
        "1e1\u{0}",
        "１",
        "2.e3",
        "9.e+",
        "1eE2",
        "-2.",
    ] {
        judge(text.as_bytes());
        assert!(!is_json(text.as_bytes()), "{text}");
        decode::<f64>(text.as_bytes()).expect_err(text);
        decode::<i64>(text.as_bytes()).expect_err(text);
        decode::<u64>(text.as_bytes()).expect_err(text);
    }
    // What is too large is infinite, as in JavaScript.
    assert_eq!(decode(b"1e400"), Ok(f64::INFINITY));
    decode::<f32>(b"1e400").expect_err("no 32-bit float");
    assert_eq!(
        decode(b"999999999999999999"),
        Ok(999_999_999_999_999_999_i64)
    );
    assert_eq!(decode(b"-9223372036854775808"), Ok(i64::MIN));
    assert_eq!(decode(b"9223372036854775807"), Ok(i64::MAX));
    assert_eq!(decode(b"18446744073709551615"), Ok(u64::MAX));
    assert_eq!(decode(b"-0"), Ok(0_i64));
    let digits = "1".repeat(1 << 20);
    let error = |error: Result<(), DecodeError>| error.expect_err("out of range").to_string();
    for found in [
        error(decode::<i64>(digits.as_bytes()).map(drop)),
        error(decode::<u64>(digits.as_bytes()).map(drop)),
    ] {
        assert!(found.len() < 200, "{found}");
        assert!(found.contains("1111…"), "{found}");
    }
    assert_eq!(
        error(decode::<i64>(b"9223372036854775808").map(drop)),
        "9223372036854775808 is out of range, expected an integer from \
         -9223372036854775808 to 9223372036854775807"
    );
    assert_eq!(
        error(decode::<u64>(b"18446744073709551616").map(drop)),
        "expected an integer from 0 to 18446744073709551615, found 18446744073709551616"
    );
}

#[test]
fn strings_at_the_edges() {
    for (text, expected) in [
        (r#""""#, ""),
        (r#""\"\\\/\b\f\n\r\t""#, "\"\\/\u{8}\u{c}\n\r\t"),
        (r#""\u0000\u001f\u007F""#, "\0\u{1f}\u{7f}"),
        (
            "\"\u{7f}\u{80}\u{2028}\u{feff}\u{ffff}\u{10ffff}\"",
            "\u{7f}\u{80}\u{2028}\u{feff}\u{ffff}\u{10ffff}",
        ),
        (r#""\uD83D\uDE39\u00e9\u20AC""#, "😹é€"),
        (r#""\uDBFF\uDFFF\uD800\uDC00""#, "\u{10ffff}\u{10000}"),
        (r#""\\u0041\\\"""#, "\\u0041\\\""),
        (r#" "12345678\n12345678" "#, "12345678\n12345678"),
    ] {
        assert_eq!(decode(text.as_bytes()), Ok(expected.to_owned()), "{text}");
        judge(text.as_bytes());
    }
    for text in [
        "\"",
        "\"\\\"",
        "\"\\",
        "'a'",
        "\"\\a\"",
        "\"\\x41\"",
        "\"\\U0041\"",
        "\"\\\u{0}\"",
        "\"\\u\"",
        "\"\\u12\"",
        "\"\\u123\"",
        "\"\\u12G4\"",
        "\"\\u+123\"",
        "\"\\u 123\"",
        "\"\\ud83d\"",
        "\"\\ud83d",
        "\"\\ud83d\\",
        "\"\\ud83d\\u",
        "\"\\ud83dx\"",
        "\"\\ud83d\\n\"",
        "\"\\ud83d\\ud83d\"",
        "\"\\udc00\"",
        "\"\\udc00\\ud83d\"",
        "\"\\ud83d\\u0041\"",
        "\"\n\"",
        "\"\t\"",
        "\"\u{0}\"",
        "\"\u{1f}\"",
        "\"a\"b",
        "\"\\ud800\\udc0\"",
    ] {
        judge(text.as_bytes());
        assert!(!is_json(text.as_bytes()), "{text}");
        decode::<String>(text.as_bytes()).expect_err(text);
    }
    for bytes in [
        &b"\"\xff\""[..],
        b"\"\xc3\"",
        b"\"\xc3\x28\"",
        b"\"\xc0\x80\"",
        b"\"\xed\xa0\x80\"",
        b"\"\xf4\x90\x80\x80\"",
        b"\"\xe2\x82\"",
        b"\"\x80\"",
        b"\"abcdefgh\xf0\x9f\x98\"",
        b"\xff",
        b"1\xff",
        b"{\"\xff\":1}",
        b"{}\xff",
        b"\xef\xbb\xbf1",
    ] {
        judge(bytes);
        assert!(!is_json(bytes), "{bytes:?}");
    }
}

#[test]
fn what_is_wrong_is_told_with_its_place() {
    for (text, expected) in [
        ("", "not JSON at byte 0: the text ends too early"),
        (" \n", "not JSON at byte 2: the text ends too early"),
        ("nul", "not JSON at byte 3: the text ends too early"),
        (
            "nulL",
            "not JSON at byte 3: expected `true`, `false` or `null`",
        ),
        (
            "[tru]",
            "not JSON at byte 4: expected `true`, `false` or `null`",
        ),
        ("[1,]", "not JSON at byte 3: trailing comma"),
        ("[,1]", "not JSON at byte 1: expected a value"),
        ("[1 2]", "not JSON at byte 3: expected `,` or `]`"),
        ("[1}", "not JSON at byte 2: expected `,` or `]`"),
        ("[1,", "not JSON at byte 3: the text ends too early"),
        ("{", "not JSON at byte 1: the text ends too early"),
        (
            "{1:2}",
            "not JSON at byte 1: expected a key, which is a string",
        ),
        (r#"{"a" 1}"#, "not JSON at byte 5: expected `:`"),
        (r#"{"a":1]"#, "not JSON at byte 6: expected `,` or `}`"),
        (r#"{"a":1,}"#, "not JSON at byte 7: trailing comma"),
        (r#"{"a":}"#, "not JSON at byte 5: expected a value"),
        (
            r#"{"a":1 "b":2}"#,
            "not JSON at byte 7: expected `,` or `}`",
        ),
        (
            r#"["abc"#,
            "not JSON at byte 5: the text ends inside a string",
        ),
        (
            "[\"a\nb\"]",
            "not JSON at byte 3: control characters in strings have to be escaped",
        ),
        (r#"["a\x"]"#, "not JSON at byte 4: invalid escape"),
        (r#"["\u00g0"]"#, "not JSON at byte 6: invalid escape"),
        (r#"["\udc00"]"#, "not JSON at byte 8: half a surrogate pair"),
        ("[01]", "not JSON at byte 2: invalid number"),
        ("[-]", "not JSON at byte 2: invalid number"),
        ("[1.]", "not JSON at byte 3: invalid number"),
        ("-", "not JSON at byte 1: the text ends too early"),
        ("[NaN]", "not JSON at byte 1: expected a value"),
        ("[] []", "not JSON at byte 3: something follows the value"),
        ("/**/1", "not JSON at byte 0: expected a value"),
    ] {
        judge(text.as_bytes());
        let error = decode::<()>(text.as_bytes()).expect_err(text);
        assert_eq!(error.to_string(), expected, "{text}");
    }
    let error = decode::<()>(b"[\"a\", \"b\xff\"]").expect_err("not UTF-8");
    assert_eq!(error.to_string(), "not JSON at byte 8: not UTF-8");
}

#[test]
fn another_type_is_told_by_name() {
    fn error<T: crate::Wire>(text: &str) -> String {
        decode::<T>(text.as_bytes())
            .map(drop)
            .expect_err(text)
            .to_string()
    }
    assert_eq!(error::<bool>(" null"), "expected bool, found null");
    assert_eq!(error::<String>("true"), "expected string, found bool");
    assert_eq!(error::<i64>("\"1\""), "expected int, found string");
    assert_eq!(error::<i64>("1.0"), "expected int, found float");
    assert_eq!(error::<u64>("[]"), "expected int, found array");
    assert_eq!(error::<f64>("{}"), "expected float, found object");
    assert_eq!(error::<Vec<i32>>("1"), "expected array, found int");
    assert_eq!(error::<String>("1e1"), "expected string, found float");
    assert_eq!(
        error::<String>("1e"),
        "not JSON at byte 2: the text ends too early"
    );
    assert_eq!(error::<String>("x"), "not JSON at byte 0: expected a value");
    assert_eq!(
        error::<String>(""),
        "not JSON at byte 0: the text ends too early"
    );
}

#[test]
fn what_is_passed_over_nests_no_deeper_than_what_is_read() {
    let lists = |depth: usize| "[".repeat(depth) + "1" + &"]".repeat(depth);
    let objects = |depth: usize| r#"{"a":"#.repeat(depth) + "1" + &"}".repeat(depth);
    let limit = usize::from(MAX_DEPTH);
    for nested in [lists, objects] {
        assert!(is_json(nested(limit).as_bytes()));
        for depth in [limit + 1, 1 << 20] {
            let error = decode::<()>(nested(depth).as_bytes()).expect_err("too deep");
            assert_eq!(error.to_string(), "nested deeper than 96 levels");
        }
        decode::<Vec<()>>(format!("[{}]", nested(limit - 1)).as_bytes()).expect("not too deep");
        decode::<Vec<()>>(format!("[{}]", nested(limit)).as_bytes()).expect_err("too deep");
    }
    // Many, but not inside each other.
    assert!(is_json(
        format!("[{}[]]", "[[]],{\"a\":{}},".repeat(1000)).as_bytes()
    ));
    // Each is closed by what opened it.
    for text in ["[{]}", "{\"a\":[}]", "[[1}]", "{\"a\":{\"b\":1]}"] {
        judge(text.as_bytes());
    }
}
