//! Blank lines between items, which the formatter does not set.

/// The code with a blank line before each item that is not of one group with
/// the item before it.
pub(super) fn with_blank_lines(code: &str) -> String {
    let mut out = String::with_capacity(code.len() + code.len() / 16);
    let mut before = "";
    for line in code.lines() {
        if needs_blank(before, line) {
            out.push('\n');
        }
        out.push_str(line);
        out.push('\n');
        before = line;
    }
    out
}

fn needs_blank(before: &str, line: &str) -> bool {
    // Deeper lines are the first of a block; shallower ones are its end.
    let same_depth = indent(before) == indent(line);
    let (before, line) = (before.trim_start(), line.trim_start());
    let ends_item = before == "}" || before.ends_with(';') || before.ends_with("{}");
    let starts_item = STARTS.iter().any(|start| line.starts_with(start));
    let same_group = GROUPS
        .iter()
        .any(|group| before.starts_with(group) && line.starts_with(group));
    same_depth && ends_item && starts_item && !same_group
}

/// How items start, and how nothing else does that generated code holds.
const STARTS: &[&str] = &[
    "///", "#[", "pub ", "impl", "fn ", "const ", "type ", "mod ",
];

/// Items that stand together.
const GROUPS: &[&str] = &["use ", "type "];

fn indent(line: &str) -> usize {
    line.len() - line.trim_start().len()
}

#[cfg(test)]
mod tests {
    use super::with_blank_lines;

    #[test]
    fn items_are_set_apart() {
        let dense = "use a;\nuse b;\npub struct A {\n    /// x\n    pub x: u8,\n}\nimpl A {\n    type B = u8;\n    type C = u8;\n    \
                     fn b() {\n        match 1 {\n            0 => {\n            }\n            _ => {\n            }\n        }\n    }\n    /// c\n    fn c() {}\n}\n";
        let spaced = "use a;\nuse b;\n\npub struct A {\n    /// x\n    pub x: u8,\n}\n\nimpl A {\n    type B = u8;\n    type C = u8;\n\n    \
                      fn b() {\n        match 1 {\n            0 => {\n            }\n            _ => {\n            }\n        }\n    }\n\n    /// c\n    fn c() {}\n}\n";
        assert_eq!(with_blank_lines(dense), spaced);
    }
}
