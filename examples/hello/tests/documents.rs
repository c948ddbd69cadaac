//! README.md and the guide say what is so.
//!
//! With `UPDATE_DOCS=1` the generated parts are written anew.

use std::{fmt::Write as _, fs, path::PathBuf};

use anywire_contracts::{Source, compile};

fn root() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../..")
}

fn read(path: &str) -> String {
    fs::read_to_string(root().join(path)).unwrap_or_else(|error| panic!("{path}: {error}"))
}

/// Holds what stands between two marks of a document against what should.
fn check_generated(path: &str, name: &str, expected: &str) {
    let text = read(path);
    let (open, close) = (
        format!("<!-- {name}: generated -->\n"),
        format!("<!-- end of {name} -->"),
    );
    let start = text.find(&open).map(|at| at + open.len());
    let start = start.unwrap_or_else(|| panic!("{path} has no `{name}`"));
    let end = text[start..].find(&close).map(|at| at + start);
    let end = end.unwrap_or_else(|| panic!("`{name}` in {path} does not end"));
    if std::env::var_os("UPDATE_DOCS").is_some() {
        let updated = format!("{}{expected}{}", &text[..start], &text[end..]);
        fs::write(root().join(path), updated).expect("the document can be written");
        return;
    }
    assert!(
        text[start..end] == *expected,
        "`{name}` in {path} is out of date: run `UPDATE_DOCS=1 cargo test -p hello`"
    );
}

#[test]
fn readme_shows_this_example() {
    let files = ["contracts/greeter.rs", "build.rs", "src/main.rs"];
    let mut shown = String::new();
    for file in files {
        let text = read(&format!("examples/hello/{file}"));
        let _ = writeln!(shown, "```rust\n// {file}\n{}```\n", text);
    }
    check_generated("README.md", "the example", &shown);
}

#[test]
fn the_guide_shows_a_test() {
    let text = read("tests/conformance/tests/memory/guide.rs");
    let (_, test) = text.split_once("\n\n").expect("a line about it");
    check_generated(
        "docs/guide/testing.md",
        "the test",
        &format!("```rust\n{test}```\n"),
    );
}

#[test]
fn the_guide_shows_a_contract_without_mistakes() {
    let page = read("docs/guide/language.md");
    let contract = page
        .split("```rust\n")
        .nth(1)
        .expect("the page has a contract");
    let contract = contract.split("```").next().unwrap_or_default();
    let money =
        "#![contract(package = \"acme.common.v1\")] pub struct Money { pub amount: Decimal }";
    let sources = [
        Source::new("common.rs", ["common"], money),
        Source::new("users.rs", ["users"], contract),
    ];
    let (contract, findings) = compile(&sources);
    let findings: Vec<String> = findings
        .iter()
        .map(|found| found.headline(&sources))
        .collect();
    assert!(contract.is_some(), "{findings:#?}");
    assert_eq!(findings, [""; 0]);
}

#[test]
fn the_guide_lists_every_rule() {
    let mut table = "| rule | what breaks it |\n|---|---|\n".to_owned();
    for rule in anywire_contracts::RULES {
        let _ = writeln!(
            table,
            "| `{}` | {} |",
            rule.id,
            rule.about.replace('|', "\\|")
        );
    }
    check_generated("docs/guide/language.md", "the rules", &table);
}

#[test]
fn the_guide_lists_every_kind() {
    let mut table =
        "| kind | code | HTTP | gRPC | worth another try |\n|---|---|---|---|---|\n".to_owned();
    for kind in anywire::Kind::ALL {
        let retryable = if kind.is_retryable() { "yes" } else { "no" };
        let _ = writeln!(
            table,
            "| `{kind:?}` | `{}` | {} | {} | {retryable} |",
            kind.code(),
            kind.status(),
            kind.grpc(),
        );
    }
    check_generated("docs/guide/errors.md", "the kinds", &table);
}

#[test]
fn the_guide_states_the_limits() {
    let limits = anywire::transport::tcp::Limits::default();
    let memory = (
        anywire::transport::memory::MAX_QUEUED,
        anywire::transport::memory::MAX_CONCURRENT,
        anywire::transport::memory::MAX_ATTEMPTS,
        anywire::transport::memory::MAX_REORDER,
    );
    // What the tables of the two pages say, in the units that they say it in.
    assert_eq!(limits.max_frame, 16_777_216);
    assert_eq!(limits.max_in_flight, 1024);
    assert_eq!(limits.max_unsent, 16_777_216);
    assert_eq!(limits.stall_timeout.as_secs(), 30);
    assert_eq!(limits.max_connections, 4096);
    assert_eq!(memory, (1024, 64, 5, 64));
    assert_eq!(anywire::DEFAULT_TIMEOUT.as_secs(), 10);
    assert_eq!(anywire::DEFAULT_GRACE_PERIOD.as_secs(), 10);
    let page = read("docs/guide/transports/tcp.md");
    // A limit that is added must be described.
    for field in format!("{limits:?}")
        .split([' ', '{', ','])
        .filter_map(|part| part.strip_suffix(':'))
    {
        assert!(
            page.contains(&format!("| `{field}` |")),
            "tcp.md does not describe `{field}`"
        );
    }
}
