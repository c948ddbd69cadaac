//! Names that generation takes: the table stands at the top of `emit/names.rs`.

use std::collections::{HashMap, HashSet};

use proc_macro2::Span;

use super::operations_of;
use crate::diag::Diagnostics;
use crate::emit::names;
use crate::model::{Contract, File, OperationKind};
use crate::parse::ty::{CONTAINERS, SCALARS};
use crate::rules;

/// Who has a name already, and where.
struct Owner {
    says: String,
    span: Option<Span>,
}

pub(super) fn check(cx: &mut Diagnostics, contract: &Contract, file: &File) {
    check_own_modules(cx, file);
    let mut taken = written(file);
    for (name, what, span) in generated(file) {
        match taken.get(&name) {
            Some(owner) => {
                let message = format!("generated `{name}`, {what}, clashes with {}", owner.says);
                let finding = cx.error(&rules::GENERATED_NAME, span, message);
                if let Some(first) = owner.span {
                    finding.also(first, "the name is taken here");
                }
                finding.help("rename one of the two");
            }
            None => {
                taken.insert(
                    name,
                    Owner {
                        says: format!("the one {what}"),
                        span: Some(span),
                    },
                );
            }
        }
    }
    check_markers(cx, file);
    check_modules(cx, contract, file, &taken);
}

/// Every generated module holds two more, which nothing else can be called.
fn check_own_modules(cx: &mut Diagnostics, file: &File) {
    let types = file.types.iter().map(|def| &def.name);
    let services = file.services.iter().map(|service| &service.name);
    for name in types.chain(services) {
        if name.rust == names::MARKERS || name.rust == names::RUNTIME {
            let message = format!("`{}` is the name of a module in generated code", name.rust);
            cx.error(&rules::GENERATED_NAME, name.span, message)
                .help("choose another name");
        }
    }
}

/// What the contract itself names, and what it cannot name.
fn written(file: &File) -> HashMap<String, Owner> {
    let built_in = SCALARS
        .iter()
        .map(|(name, _)| *name)
        .chain(CONTAINERS.iter().copied())
        .map(|name| (name, "a built-in type"));
    // An event with a bare payload is a newtype, which would hide these.
    let values = names::PRELUDE_VALUES
        .iter()
        .map(|name| (*name, "a name of Rust's own"));
    let taken = built_in.chain(values).map(|(name, what)| {
        let says = what.to_owned();
        (name.to_owned(), Owner { says, span: None })
    });
    let types = file.types.iter().map(|def| (&def.name, "a declared type"));
    let services = file
        .services
        .iter()
        .map(|service| (&service.name, "a service"));
    let imports = file
        .imports
        .iter()
        .map(|import| (&import.name, "an imported type"));
    let own = types.chain(services).chain(imports).map(|(name, what)| {
        (
            name.rust.clone(),
            Owner {
                says: what.to_owned(),
                span: Some(name.span),
            },
        )
    });
    taken.chain(own).collect()
}

/// What generation names in the file's module, and for what.
fn generated(file: &File) -> Vec<(String, String, Span)> {
    let mut generated = Vec::new();
    for service in &file.services {
        let what = format!("made for service `{}`", service.name.rust);
        generated.extend(
            names::of_service(service)
                .into_iter()
                .map(|name| (name, what.clone(), service.name.span)),
        );
    }
    let mut seen = HashSet::new();
    for operation in operations_of(file) {
        // Declared twice, which is reported as such.
        if !seen.insert(&operation.name.rust) {
            continue;
        }
        let kind = match operation.kind {
            OperationKind::Event => "event",
            OperationKind::Message | OperationKind::Oneway => "message",
        };
        let what = format!("made for {kind} `{}`", operation.name.rust);
        let span = operation.name.span;
        generated.extend(
            names::of_operation(operation)
                .into_iter()
                .map(|name| (name, what.clone(), span)),
        );
    }
    generated
}

/// Markers of messages stand in a module of their own: `op::GetUser`.
fn check_markers(cx: &mut Diagnostics, file: &File) {
    let mut seen: HashMap<String, (&str, Span)> = HashMap::new();
    for operation in operations_of(file).filter(|operation| operation.kind != OperationKind::Event)
    {
        let (name, span) = (&operation.name.rust, operation.name.span);
        let marker = names::marker(name);
        match seen.get(&marker) {
            // Declared twice, which is reported as such.
            Some((first, _)) if *first == name => {}
            // Their requests clash too, which is reported already.
            Some(_) if operation.bare().is_none() => {}
            Some((first, first_span)) => {
                let message =
                    format!("messages `{first}` and `{name}` both generate `op::{marker}`");
                cx.error(&rules::GENERATED_NAME, span, message)
                    .also(*first_span, "the first one")
                    .help("rename one of the two");
            }
            None => {
                seen.insert(marker, (name, span));
            }
        }
    }
}

/// A folder of the file's name holds modules that stand beside its types.
fn check_modules(
    cx: &mut Diagnostics,
    contract: &Contract,
    file: &File,
    taken: &HashMap<String, Owner>,
) {
    for other in &contract.files {
        let Some(name) = child_of(file, other) else {
            continue;
        };
        let says = match taken.get(name) {
            Some(owner) => owner.says.clone(),
            None if name == names::MARKERS || name == names::RUNTIME => {
                "a generated module".to_owned()
            }
            None => continue,
        };
        let message = format!(
            "module `{name}` of {} clashes with {says} in {}",
            other.path, file.path
        );
        let finding = cx.error(&rules::GENERATED_NAME, 0..0, message);
        if let Some(span) = taken.get(name).and_then(|owner| owner.span) {
            finding.also(span, "the name is taken here");
        }
        finding.help("rename the file or the folder");
    }
}

/// The module directly inside `file` in which `other` stands.
fn child_of<'a>(file: &File, other: &'a File) -> Option<&'a str> {
    let rest = other.module.strip_prefix(&*file.module)?;
    rest.first().map(String::as_str)
}
