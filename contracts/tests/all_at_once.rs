//! Every mistake of every file in one run, in source order, none reported twice.

use anywire_contracts::{Source, compile};

fn found(sources: &[Source]) -> Vec<String> {
    let (contract, findings) = compile(sources);
    assert!(contract.is_none());
    let place = |finding: &anywire_contracts::Diagnostic| {
        let (line, column) = finding.place.start(sources);
        format!(
            "{}:{line}:{column} {}",
            sources[finding.place.file].path, finding.rule.id
        )
    };
    findings.iter().map(place).collect()
}

#[test]
fn all_mistakes_of_all_files() {
    let sources = [
        Source::new(
            "common.rs",
            ["common"],
            include_str!("all_at_once/common.rs"),
        ),
        Source::new(
            "orders.rs",
            ["orders"],
            include_str!("all_at_once/orders.rs"),
        ),
        Source::new("users.rs", ["users"], include_str!("all_at_once/users.rs")),
    ];
    assert_eq!(
        found(&sources),
        [
            // What could not be read is not reported again where it is used.
            "common.rs:3:11 unclosed-delimiter",
            "orders.rs:5:5 import-form",
            "orders.rs:7:1 not-in-contract",
            "orders.rs:10:12 syntax",
            "orders.rs:14:16 unknown-type",
            "orders.rs:16:17 unsupported-type",
            "orders.rs:17:5 visibility",
            "orders.rs:17:11 unsupported-type",
            "users.rs:1:23 bad-package",
            "users.rs:8:9 bad-number",
            "users.rs:9:13 no-fixed-width",
            "users.rs:11:7 attribute-form",
            "users.rs:15:11 missing-service",
            "users.rs:16:15 json-pattern",
            "users.rs:17:27 unknown-type",
            "users.rs:18:28 misplaced-option",
            "users.rs:19:5 async-operation",
            "users.rs:20:8 missing-pattern",
            "users.rs:20:14 self-argument",
        ]
    );
}

#[test]
fn the_order_is_by_file_then_by_place() {
    let text =
        "#![contract(package = \"acme.users.v1\")]\npub struct A { pub a: X, pub b: usize }\n";
    let sources = ["a.rs", "b.rs"].map(|path| Source::new(path, [&path[..1]], text));
    assert_eq!(
        found(&sources),
        [
            "a.rs:2:23 unknown-type",
            "a.rs:2:33 no-fixed-width",
            "b.rs:2:23 unknown-type",
            "b.rs:2:33 no-fixed-width"
        ]
    );
}
