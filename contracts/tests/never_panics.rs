//! Whatever the text, compiling ends with a contract or with findings.

use std::fs;
use std::path::{Path, PathBuf};

use anywire_contracts::{Source, Style, compile};
use proptest::prelude::*;

/// Compiles, and does with the findings all that can be done with them.
fn compile_text(text: &str) {
    let sources = [Source::new("users.rs", ["users"], text)];
    let (contract, findings) = compile(&sources);
    let has_error = findings
        .iter()
        .any(|finding| finding.severity.name() == "error");
    assert_eq!(contract.is_none(), has_error);
    for finding in &findings {
        assert!(!finding.render(&sources, Style::default()).is_empty());
        let json: serde_json::Value =
            serde_json::from_str(&finding.to_json(&sources)).expect("it is JSON");
        assert_eq!(json["rule"], finding.rule.id);
        assert!(finding.headline(&sources).starts_with("users.rs:"));
    }
    if let Some(contract) = contract {
        assert!(!contract.to_rust().is_empty());
        assert!(contract.to_descriptor_sets().len() <= 1);
        #[cfg(feature = "proto")]
        assert!(contract.to_proto().len() <= 1);
    }
}

const TOKENS: &[&str] = &[
    "pub",
    "struct",
    "enum",
    "trait",
    "type",
    "use",
    "fn",
    "mod",
    "impl",
    "crate",
    "super",
    "self",
    "as",
    "User",
    "id",
    "Users",
    "get_user",
    "String",
    "u32",
    "u64",
    "Vec",
    "Option",
    "BTreeMap",
    "Box",
    "Result",
    "Stream",
    "Stream<u32>",
    "Duration",
    "#[service]",
    "#[message(\"a.b\")]",
    "#[message({ cmd: 1 })]",
    "#[event(\"c\", key = id)]",
    "#[message(\"d\", topic = \"d\", grpc = \"A/B\")]",
    "#[event(\"c.{id}\")]",
    "#[n(1)]",
    "#[check(len = 1..)]",
    "#[check(range = ..=5, pattern = \"(\")]",
    "#[default]",
    "#[default(1)]",
    "#[error(not_found, \"no {id}\")]",
    "#[tag(\"type\")]",
    "#[non_exhaustive]",
    "#[payload]",
    "#[name(\"x\")]",
    "#[reserved(1, \"id\")]",
    "#[deprecated]",
    "#![contract(package = \"a.b\")]",
    "encodings(json, proto)",
    "= 2",
    "#",
    "!",
    "(",
    ")",
    "{",
    "}",
    "[",
    "]",
    "<",
    ">",
    ",",
    ";",
    ":",
    "::",
    "->",
    "=",
    "=>",
    "..",
    "..=",
    "&",
    "*",
    "'a",
    "\"text\"",
    "1",
    "-1",
    "1.5",
    "1u8",
    "r#type",
    "r\"raw\"",
    "'c'",
    "b\"x\"",
    "é",
    "_",
    "/// docs\n",
    "//! docs\n",
    "// comment\n",
    "/*",
    "*/",
    "\n",
];

fn soup() -> impl Strategy<Value = String> {
    let tokens = prop::collection::vec(prop::sample::select(TOKENS), 0..60);
    (any::<bool>(), tokens).prop_map(|(header, tokens)| {
        let header = if header {
            "#![contract(package = \"acme.users.v1\")]\n"
        } else {
            ""
        };
        format!("{header}{}", tokens.join(" "))
    })
}

/// Fixtures, sound and not: the texts nearest to what users write.
fn fixtures() -> Vec<String> {
    let mut texts = Vec::new();
    let mut folders = vec![Path::new(env!("CARGO_MANIFEST_DIR")).join("tests")];
    while let Some(folder) = folders.pop() {
        let entries = fs::read_dir(folder).expect("the folder is there");
        let mut paths: Vec<PathBuf> = entries
            .map(|entry| entry.expect("it is readable").path())
            .collect();
        paths.sort();
        for path in paths {
            if path.is_dir() {
                folders.push(path);
            } else if path.extension().is_some_and(|extension| extension == "rs") {
                texts.extend(fs::read_to_string(path));
            }
        }
    }
    texts
}

/// A fixture with a piece taken out, doubled, or replaced.
fn mutated() -> impl Strategy<Value = String> {
    let pieces = prop::sample::select(TOKENS);
    (
        prop::sample::select(fixtures()),
        any::<prop::sample::Index>(),
        0..12usize,
        pieces,
        0..3u8,
    )
        .prop_map(|(text, at, length, piece, how)| {
            let chars: Vec<char> = text.chars().collect();
            let start = at.index(chars.len().max(1)).min(chars.len());
            let end = (start + length).min(chars.len());
            let cut: String = chars[start..end].iter().collect();
            let middle = match how {
                0 => String::new(),
                1 => cut.repeat(2),
                _ => piece.to_owned(),
            };
            chars[..start].iter().collect::<String>()
                + &middle
                + &chars[end..].iter().collect::<String>()
        })
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 1_000, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn on_any_text(text in ".{0,200}") {
        compile_text(&text);
    }

    #[test]
    fn on_token_soup(text in soup()) {
        compile_text(&text);
    }

    #[test]
    fn on_mutated_contracts(text in mutated()) {
        compile_text(&text);
    }
}

#[test]
fn on_deep_nesting() {
    let header = "#![contract(package = \"acme.users.v1\")]\n";
    for (open, close) in [
        ("(", ")"),
        ("[", "]"),
        ("{", "}"),
        ("Box<", ">"),
        ("&", ""),
        ("-", ""),
        ("!", ""),
        ("a::", ""),
    ] {
        for count in [10, 60, 70, 20_000] {
            let nested = format!("{}u32{}", open.repeat(count), close.repeat(count));
            compile_text(&format!("{header}pub struct User {{ pub id: {nested} }}"));
            compile_text(&format!(
                "{header}#[default({nested})] pub struct User {{}}"
            ));
            compile_text(&format!("{header}{nested}"));
        }
    }
}

#[test]
fn on_long_chains_of_types() {
    let mut text = String::from("#![contract(package = \"acme.users.v1\")]\n");
    for at in 0..2_000 {
        text.push_str(&format!(
            "pub struct A{at} {{ pub next: Option<A{}> }}\n",
            at + 1
        ));
    }
    text.push_str("pub struct A2000 { pub first: Vec<A0> }\n");
    compile_text(&text);
}
