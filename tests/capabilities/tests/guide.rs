//! The guide shows the table. `UPDATE_EXPECT=1 cargo test -p anywire-capabilities`
//! writes it there anew.

use std::{fmt::Write as _, fs, path::Path};

use anywire_capabilities::{CAPABILITIES, Row, TABLE};

fn table() -> String {
    let titles = CAPABILITIES.map(|capability| capability.title).join(" | ");
    let mut text = format!(
        "| transport | {titles} | needs |\n|---|{}",
        "---|".repeat(8)
    );
    for row in &TABLE {
        let cells = row.carries.map(|carries| if carries { "yes" } else { "–" });
        let cells = cells.join(" | ");
        let _ = write!(text, "\n| {} | {cells} | {} |", name(row), needs(row));
    }
    text
}

fn name(row: &Row) -> String {
    match row.page {
        Some(page) => format!("[`{}`]({page})", row.transport),
        None => format!("`{}`", row.transport),
    }
}

fn needs(row: &Row) -> &'static str {
    match (row.needs_topic, row.needs_proto) {
        (false, false) => "",
        (true, false) => "a topic",
        (false, true) => "numbers",
        (true, true) => "a topic, numbers",
    }
}

#[test]
fn the_guide_shows_the_table() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../docs/guide/transports/README.md");
    let page = fs::read_to_string(&path).expect("the page is there");
    let mut paragraphs = page.split("\n\n");
    let shown = paragraphs.find(|paragraph| paragraph.starts_with("| transport "));
    let shown = shown.expect("the page has a table of transports");
    if std::env::var_os("UPDATE_EXPECT").is_some() {
        fs::write(&path, page.replace(shown, &table())).expect("the page can be written");
        return;
    }
    assert_eq!(shown, table(), "not as expected, see `UPDATE_EXPECT`");
}
