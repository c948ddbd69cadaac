//! Patterns: each once in the whole root, messages and events together.

use std::collections::HashMap;

use proc_macro2::Span;

use crate::diag::Diagnostics;
use crate::model::{Contract, Pattern};
use crate::pattern::route;
use crate::rules;

pub(super) fn check(cx: &mut Diagnostics, contract: &Contract) {
    let mut seen: HashMap<String, (usize, Span, String)> = HashMap::new();
    for (index, file) in contract.files.iter().enumerate() {
        cx.enter(index);
        for service in &file.services {
            for operation in &service.operations {
                // No pattern, which is reported already.
                if operation.pattern.value == Pattern::Text(String::new()) {
                    continue;
                }
                let route = route(&operation.pattern.value);
                let span = operation.pattern.span;
                if let Some((first_file, first_span, first)) = seen.get(&route) {
                    let place = first_span.start();
                    let path = &contract.files[*first_file].path;
                    let message = format!(
                        "pattern `{route}` is already used by `{first}` at {path}:{}:{}",
                        place.line,
                        place.column + 1
                    );
                    cx.error(&rules::DUPLICATE_PATTERN, span, message)
                        .also_in(*first_file, *first_span, "used here first")
                        .help(
                            "a message finds its operation by its pattern: change one of the two",
                        );
                    continue;
                }
                seen.insert(
                    route,
                    (
                        index,
                        span,
                        format!("{}::{}", service.name.rust, operation.name.rust),
                    ),
                );
            }
        }
    }
}
