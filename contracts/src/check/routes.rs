//! Patterns: each once in the whole root, messages and events together, and no
//! name that fits two of them.

use std::collections::HashMap;

use proc_macro2::Span;

use crate::diag::Diagnostics;
use crate::model::{Contract, Pattern, PatternPart};
use crate::pattern::{route, with_wildcards};
use crate::rules;

/// A pattern and who has it.
struct Used<'a> {
    file: usize,
    span: Span,
    /// `Users::get_user`
    by: String,
    pattern: &'a Pattern,
    route: String,
}

pub(super) fn check(cx: &mut Diagnostics, contract: &Contract) {
    let mut seen: HashMap<String, usize> = HashMap::new();
    let mut all: Vec<Used<'_>> = Vec::new();
    for used in patterns(contract) {
        cx.enter(used.file);
        if let Some(first) = seen.get(&used.route) {
            let first = &all[*first];
            let message = format!(
                "pattern `{}` is already used by `{}` at {}",
                used.route,
                first.by,
                place(contract, first)
            );
            cx.error(&rules::DUPLICATE_PATTERN, used.span, message)
                .also_in(first.file, first.span, "used here first")
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
    let services = contract
        .files
        .iter()
        .enumerate()
        .flat_map(|(file, of_file)| of_file.services.iter().map(move |service| (file, service)));
    let operations = services.flat_map(|(file, service)| {
        service
            .operations
            .iter()
            .map(move |operation| (file, service, operation))
    });
    operations
        // No pattern, which is reported already.
        .filter(|(.., operation)| operation.pattern.value != Pattern::Text(String::new()))
        .map(|(file, service, operation)| Used {
            file,
            span: operation.pattern.span,
            by: format!("{}::{}", service.name.rust, operation.name.rust),
            pattern: &operation.pattern.value,
            route: route(&operation.pattern.value),
        })
}

fn place(contract: &Contract, used: &Used<'_>) -> String {
    let (path, start) = (&contract.files[used.file].path, used.span.start());
    format!("{path}:{}:{}", start.line, start.column + 1)
}

fn check_overlap(cx: &mut Diagnostics, contract: &Contract, first: &Used<'_>, used: &Used<'_>) {
    let message = format!(
        "pattern `{}` overlaps with `{}` of `{}` at {}",
        used.route,
        first.route,
        first.by,
        place(contract, first)
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
        .also_in(first.file, first.span, "the first one")
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
