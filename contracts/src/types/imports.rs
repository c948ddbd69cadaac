//! What imports stand for.

use std::collections::HashMap;

use proc_macro2::Span;

use super::module_path;
use crate::diag::Diagnostics;
use crate::model::{Contract, Import, TypeId};
use crate::rules;
use crate::similar::similar;

/// One file importing from another, and where it says so.
type Edge = (usize, Span);

pub(super) fn resolve(cx: &mut Diagnostics, contract: &mut Contract) {
    let files = contract.files.iter().enumerate();
    let modules: HashMap<Vec<String>, usize> = files
        .map(|(index, file)| (file.module.clone(), index))
        .collect();
    let mut edges: Vec<Vec<Edge>> = Vec::new();
    for index in 0..contract.files.len() {
        cx.enter(index);
        let mut of_file = Vec::new();
        for at in 0..contract.files[index].imports.len() {
            let import = &contract.files[index].imports[at];
            let Some(&from) = modules.get(&import.module) else {
                no_such_file(cx, contract, import);
                continue;
            };
            of_file.push((from, import.name.span));
            contract.files[index].imports[at].target = find(cx, contract, import, from);
        }
        edges.push(of_file);
    }
    report_cycles(cx, contract, &edges);
}

/// The imported type in the file that it comes from.
fn find(cx: &mut Diagnostics, contract: &Contract, import: &Import, from: usize) -> Option<TypeId> {
    let (name, file) = (&import.name.rust, &contract.files[from]);
    let found = file.types.iter().position(|def| def.name.rust == *name);
    let may_be_there = file.unread || file.broken.contains(name);
    if found.is_none() && !may_be_there {
        let is_service = file
            .services
            .iter()
            .any(|service| service.name.rust == *name);
        let what = if is_service {
            "a service, not a type"
        } else {
            "not declared there"
        };
        let message = format!("cannot import `{name}` from {}: it is {what}", file.path);
        let finding = cx.error(&rules::UNKNOWN_IMPORT, import.name.span, message);
        match similar(name, file.types.iter().map(|def| &*def.name.rust)) {
            Some(near) => {
                finding.help(format!("a type with a similar name exists there: `{near}`"))
            }
            None if is_service => finding.help("import types of data only"),
            None => finding.help("declare it there, or remove the import"),
        };
    }
    found.map(|index| TypeId { file: from, index })
}

fn no_such_file(cx: &mut Diagnostics, contract: &Contract, import: &Import) {
    let name = &import.name.rust;
    let path = module_path(&import.module);
    let message = if import.module.is_empty() {
        format!("cannot import `{name}` from the contract root: types stand in files")
    } else {
        format!("cannot import `{name}`: there is no contract file `{path}`")
    };
    let finding = cx.error(&rules::UNKNOWN_IMPORT, import.name.span, message);
    let declared = contract
        .files
        .iter()
        .find(|file| file.types.iter().any(|def| def.name.rust == *name));
    if let Some(file) = declared {
        finding.help(format!(
            "`{name}` is declared in {}: `use {}::{name};`",
            file.path,
            module_path(&file.module)
        ));
        return;
    }
    let paths: Vec<String> = contract
        .files
        .iter()
        .map(|file| module_path(&file.module))
        .collect();
    match similar(&path, paths.iter().map(String::as_str)) {
        Some(near) => finding.help(format!("a file with a similar name exists: `{near}`")),
        None => finding.help("the path starts at the folder of the contract files"),
    };
}

/// Reports each circle once, at the import that closes it.
fn report_cycles(cx: &mut Diagnostics, contract: &Contract, edges: &[Vec<Edge>]) {
    let mut state = vec![State::New; edges.len()];
    for start in 0..edges.len() {
        if state[start] != State::New {
            continue;
        }
        // A depth-first walk with its own stack: circles are as long as users make them.
        let mut stack = vec![(start, 0)];
        state[start] = State::Open;
        while let Some((file, next)) = stack.pop() {
            let Some(&(to, span)) = edges[file].get(next) else {
                state[file] = State::Done;
                continue;
            };
            stack.push((file, next + 1));
            match state[to] {
                State::New => {
                    state[to] = State::Open;
                    stack.push((to, 0));
                }
                State::Open => {
                    let circle = stack
                        .iter()
                        .skip_while(|(file, _)| *file != to)
                        .map(|(file, _)| *file);
                    let circle: Vec<&str> = circle
                        .chain([to])
                        .map(|file| &*contract.files[file].path)
                        .collect();
                    // The next edges to the same file close the same circle.
                    if edges[file][..next]
                        .iter()
                        .any(|(earlier, _)| *earlier == to)
                    {
                        continue;
                    }
                    cx.enter(file);
                    cx.error(
                        &rules::IMPORT_CYCLE,
                        span,
                        "files import each other in a circle",
                    )
                    .note(circle.join(" -> "))
                    .help("move what they share into a file that imports neither");
                }
                State::Done => {}
            }
        }
    }
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum State {
    New,
    Open,
    Done,
}
