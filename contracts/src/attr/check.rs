//! `#[check(len = 1..=20, range = 0..=150, pattern = "^[a-z]+$", unique)]`.

use super::value::{bounds, text};
use super::{Attr, Form, wrong_form};
use crate::diag::Diagnostics;
use crate::model::{Bound, Check, CheckKind};
use crate::parse::cursor::{Cursor, join};
use crate::rules;
use crate::similar::similar;

const KEYS: &[&str] = &["len", "pattern", "range", "unique"];
const EXAMPLE: &str = "#[check(len = 1..=20, range = 0..=150, pattern = \"^[a-z]+$\", unique)]";

pub(super) fn read(cx: &mut Diagnostics, attr: &Attr) -> Vec<Check> {
    let Form::List(list) = &attr.form else {
        wrong_form(cx, attr.span, "check", EXAMPLE);
        return Vec::new();
    };
    let mut seen: Vec<String> = Vec::new();
    let mut checks = Vec::new();
    for mut piece in Cursor::inside(list).split_commas(cx) {
        let Some(key) = piece.eat_ident() else {
            piece.expected(cx, "`len`, `range`, `pattern` or `unique`");
            continue;
        };
        let name = key.to_string();
        if !KEYS.contains(&&*name) {
            let help = match similar(&name, KEYS.iter().copied().chain(["length"])) {
                Some("length") => "a similar name exists: `len`".to_owned(),
                Some(known) => format!("a similar name exists: `{known}`"),
                None => "the checks are `len`, `range`, `pattern` and `unique`".to_owned(),
            };
            cx.error(
                &rules::UNKNOWN_OPTION,
                key.span(),
                format!("unknown check `{name}`"),
            )
            .help(help);
            continue;
        }
        if seen.contains(&name) {
            cx.error(
                &rules::DUPLICATE_OPTION,
                key.span(),
                format!("`{name}` is written twice"),
            )
            .help("remove one of the two");
            continue;
        }
        seen.push(name.clone());
        let has_value = piece.eat_punct('=');
        let kind = match &*name {
            "unique" if !has_value && piece.is_empty() => Some(CheckKind::Unique),
            "pattern" if has_value => text(&piece).map(|text| CheckKind::Pattern(text.value)),
            "len" if has_value => bounds(&mut piece.clone()).and_then(|bounds| {
                Some(CheckKind::Len {
                    min: length(bounds.min)?,
                    max: length(bounds.max)?,
                })
            }),
            "range" if has_value => bounds(&mut piece.clone()).map(|bounds| CheckKind::Range {
                min: bounds.min,
                max: bounds.max,
            }),
            _ => None,
        };
        // The value is what can be wrong later; `unique` has none.
        let span = if piece.is_empty() {
            key.span()
        } else {
            piece.rest_span()
        };
        match kind {
            Some(kind) => checks.push(Check { kind, span }),
            None => {
                let span = join(key.span(), span);
                let help = match &*name {
                    "len" => "write `len = 1..=20`, `len = 1..` or `len = ..=20`",
                    "range" => "write `range = 0..=150`, `range = 0..` or `range = ..=150`",
                    "pattern" => "write `pattern = \"^[a-z]+$\"`",
                    _ => "write `unique`",
                };
                cx.error(
                    &rules::ATTRIBUTE_FORM,
                    span,
                    format!("`{name}` is not written like this"),
                )
                .help(help);
            }
        }
    }
    checks
}

/// A length: absent, or a whole number that is not negative.
fn length(bound: Option<Bound>) -> Option<Option<u64>> {
    match bound {
        None => Some(None),
        Some(Bound::Int(value)) => u64::try_from(value).ok().map(Some),
        Some(_) => None,
    }
}
