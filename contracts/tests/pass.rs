//! Contracts without mistakes.

use anywire_contracts::{Source, Style, compile};

#[test]
fn the_whole_core_language_compiles() {
    let sources = [
        Source::new(
            "contracts/common.rs",
            ["common"],
            include_str!("pass/common.rs"),
        ),
        Source::new(
            "contracts/orders.rs",
            ["orders"],
            include_str!("pass/orders.rs"),
        ),
        Source::new(
            "contracts/prices.rs",
            ["prices"],
            include_str!("pass/prices.rs"),
        ),
        Source::new(
            "contracts/users.rs",
            ["users"],
            include_str!("pass/users.rs"),
        ),
    ];
    let (contract, findings) = compile(&sources);
    let text: Vec<String> = findings
        .iter()
        .map(|finding| finding.render(&sources, Style::default()))
        .collect();
    assert!(findings.is_empty(), "{}", text.join("\n"));
    assert!(contract.is_some());
}
