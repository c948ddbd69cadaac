//! Patterns: each once in the whole root, messages and events together, and no
//! name that fits two of them.

use std::collections::HashMap;

use proc_macro2::Span;

use super::{Placed, all_operations, show_place};
use crate::diag::Diagnostics;
use crate::model::{Contract, Pattern, PatternPart};
use crate::pattern::{route, with_wildcards};
use crate::rules;

/// A pattern and who has it.
struct Used<'a> {
    by: Placed<'a>,
    pattern: &'a Pattern,
    span: Span,
    route: String,
}

pub(super) fn check(cx: &mut Diagnostics, contract: &Contract) {
    let mut seen: HashMap<String, usize> = HashMap::new();
    let mut all: Vec<Used<'_>> = Vec::new();
    for used in patterns(contract) {
        cx.enter(used.by.file);
        if let Some(first) = seen.get(&used.route) {
            let first = &all[*first];
            let message = format!(
                "pattern `{}` is already used by `{}` at {}",
                used.route,
                first.by.path(),
                show_place(contract, first.by.file, first.span)
            );
            cx.error(&rules::DUPLICATE_PATTERN, used.span, message)
                .also_in(first.by.file, first.span, "used here first")
                .help("a message finds its operation by its pattern: change one of the two");
            continue;
        }
        if let Some(first) = all.iter().find(|first| overlap(first, &used)) {
            check_overlap(cx, contract, first, &used);
        }
        seen.insert(used.route.clone(), all.len());
        all.push(used);
    }
}

fn patterns(contract: &Contract) -> impl Iterator<Item = Used<'_>> {
    all_operations(contract)
        .map(|by| Used {
            by,
            pattern: &by.operation.pattern.value,
            span: by.operation.pattern.span,
            route: route(&by.operation.pattern.value),
        })
        // No pattern, which is reported already.
        .filter(|used| !used.route.is_empty())
}

fn check_overlap(cx: &mut Diagnostics, contract: &Contract, first: &Used<'_>, used: &Used<'_>) {
    let message = format!(
        "pattern `{}` overlaps with `{}` of `{}` at {}",
        used.route,
        first.route,
        first.by.path(),
        show_place(contract, first.by.file, first.span)
    );
    // A broker sees no types: to it every wildcard is all that stands between two dots.
    let wide = [first, used]
        .into_iter()
        .find_map(|one| match one.pattern {
            Pattern::Wildcards(parts) => Some(with_wildcards(parts, |_| "*".to_owned())),
            Pattern::Text(_) | Pattern::Object(_) => None,
        })
        .unwrap_or_default();
    cx.error(&rules::OVERLAPPING_PATTERN, used.span, message)
        .also_in(first.by.file, first.span, "the first one")
        .note(format!(
            "a subscriber of `{wide}` would receive what is meant for the other"
        ))
        .help("change one of the two, so that no name fits both");
}

/// Whether a name can fit both, of which one has wildcards.
fn overlap(a: &Used<'_>, b: &Used<'_>) -> bool {
    match (a.pattern, b.pattern) {
        (Pattern::Wildcards(a), Pattern::Wildcards(b)) => {
            a.len() == b.len()
                && a.iter().zip(b).all(|parts| match parts {
                    (PatternPart::Text(a), PatternPart::Text(b)) => a == b,
                    _ => true,
                })
        }
        (Pattern::Wildcards(parts), _) => fits(&b.route, parts),
        (_, Pattern::Wildcards(parts)) => fits(&a.route, parts),
        _ => false,
    }
}

fn fits(name: &str, parts: &[PatternPart]) -> bool {
    let mut name = name.split('.');
    let all = parts.iter().all(|part| match (part, name.next()) {
        (PatternPart::Text(text), Some(part)) => text == part,
        (PatternPart::Argument(_), Some(_)) => true,
        (_, None) => false,
    });
    all && name.next().is_none()
}
