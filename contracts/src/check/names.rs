//! Names: each once in its scope, in Rust and on the wire.

use std::collections::HashMap;

use super::groups;
use crate::case;
use crate::diag::Diagnostics;
use crate::emit::names::PRELUDE_VALUES;
use crate::model::{File, Name, OperationKind, RenameRule, TypeKind, Variant};
use crate::parse::ty::{CONTAINERS, SCALARS};
use crate::rules;

pub(super) fn check(cx: &mut Diagnostics, file: &File) {
    check_declared(cx, file);
    check_vocabulary(cx, file);
    for group in groups(file) {
        let names = || group.fields.iter().map(|field| &field.name);
        check_once(cx, names(), group.of.member(), &group.owner);
        check_json_names(cx, names());
    }
    check_variants(cx, file);
    check_operations(cx, file);
}

/// Types, services and imports share one scope.
fn check_declared(cx: &mut Diagnostics, file: &File) {
    let types = file.types.iter().map(|def| (&def.name, "declared"));
    let services = file
        .services
        .iter()
        .map(|service| (&service.name, "declared"));
    let imports = file.imports.iter().map(|import| (&import.name, "imported"));
    let mut all: Vec<(&Name, &str)> = imports.chain(types).chain(services).collect();
    all.sort_by_key(|(name, _)| position(name));
    let mut seen: HashMap<&str, &Name> = HashMap::new();
    for (name, how) in all {
        match seen.get(&*name.rust) {
            Some(first) => {
                cx.error(
                    &rules::DUPLICATE_NAME,
                    name.span,
                    format!("`{}` is {how} twice", name.rust),
                )
                .label("the second one")
                .also(first.span, "the first one")
                .help("rename one of the two, or remove it");
            }
            None => {
                seen.insert(&name.rust, name);
            }
        }
    }
}

fn position(name: &Name) -> (usize, usize, usize) {
    let start = name.span.start();
    (name.span.byte_range().start, start.line, start.column)
}

/// `struct String` would change what `String` means in the file.
fn check_vocabulary(cx: &mut Diagnostics, file: &File) {
    for def in &file.types {
        // Rust would take `Some(..)` in generated code for this newtype.
        let is_newtype = matches!(def.kind, TypeKind::Newtype(_));
        if is_newtype && PRELUDE_VALUES.contains(&&*def.name.rust) {
            cx.error(
                &rules::SHADOWS_VOCABULARY,
                def.name.span,
                format!("`{}` is a name of Rust's own in every file", def.name.rust),
            )
            .help("choose another name");
        }
    }
    for def in &file.types {
        let starts_small = !def
            .name
            .rust
            .starts_with(|first: char| first.is_ascii_uppercase());
        if starts_small && matches!(def.kind, TypeKind::Newtype(_)) {
            let name = &def.name.rust;
            let message = format!("newtype `{name}` does not start with a capital letter");
            cx.error(&rules::GENERATED_NAME, def.name.span, message)
                .note(format!(
                    "variables of generated code could not be called `{name}` any more"
                ))
                .help("choose another name");
        }
    }
    let types = file.types.iter().map(|def| &def.name);
    for name in types.chain(file.services.iter().map(|service| &service.name)) {
        let built_in = SCALARS
            .iter()
            .map(|(name, _)| *name)
            .chain(CONTAINERS.iter().copied());
        if built_in.into_iter().any(|known| known == name.rust) {
            cx.error(
                &rules::SHADOWS_VOCABULARY,
                name.span,
                format!("`{}` is the name of a built-in type", name.rust),
            )
            .help("choose another name");
        }
    }
}

fn check_once<'a>(
    cx: &mut Diagnostics,
    names: impl Iterator<Item = &'a Name>,
    what: &str,
    owner: &str,
) {
    let mut seen: HashMap<&str, &Name> = HashMap::new();
    for name in names {
        if let Some(first) = seen.insert(&name.rust, name) {
            cx.error(
                &rules::DUPLICATE_NAME,
                name.span,
                format!("{what} `{}` of `{owner}` is declared twice", name.rust),
            )
            .label("the second one")
            .also(first.span, "the first one")
            .help("rename one of the two");
        }
    }
}

/// `a_b` and `aB` are one name in protobuf's JSON, so they are in ours.
fn check_json_names<'a>(cx: &mut Diagnostics, names: impl Iterator<Item = &'a Name>) {
    let mut seen: HashMap<String, &Name> = HashMap::new();
    for name in names {
        let json = case::rename(&name.wire, RenameRule::Camel);
        match seen.get(&json) {
            // Declared twice, which is reported already.
            Some(first) if first.rust == name.rust => {}
            Some(first) => {
                cx.error(
                    &rules::DUPLICATE_WIRE_NAME,
                    name.span,
                    format!(
                        "`{}` and `{}` have the same JSON name `{json}`",
                        first.rust, name.rust
                    ),
                )
                .label("the second one")
                .also(first.span, "the first one")
                .help("rename one of the two, or give it a `#[name(\"..\")]`");
            }
            None => {
                seen.insert(json, name);
            }
        }
    }
}

fn check_variants(cx: &mut Diagnostics, file: &File) {
    for def in &file.types {
        let variants: Vec<&Variant> = match &def.kind {
            TypeKind::UnitEnum(unit) => unit.variants.iter().collect(),
            TypeKind::DataEnum(data) => data.variants.iter().collect(),
            TypeKind::ErrorEnum(error) => {
                error.variants.iter().map(|error| &error.variant).collect()
            }
            TypeKind::Struct(_) | TypeKind::Newtype(_) | TypeKind::Alias(_) => continue,
        };
        check_once(
            cx,
            variants.iter().map(|variant| &variant.name),
            "variant",
            &def.name.rust,
        );
        // Errors are told apart by their codes.
        if matches!(def.kind, TypeKind::ErrorEnum(_)) {
            continue;
        }
        let mut seen: HashMap<String, &Name> = HashMap::new();
        for Variant { name, .. } in variants {
            // What protobuf would call the value, so that adding it later is possible.
            let value = case::rename(&name.wire, RenameRule::ScreamingSnake);
            match seen.get(&value) {
                Some(first) if first.rust == name.rust => {}
                Some(first) => {
                    let message = format!(
                        "`{}` and `{}` are the same on the wire: `{}`",
                        first.rust, name.rust, name.wire
                    );
                    cx.error(&rules::DUPLICATE_WIRE_NAME, name.span, message)
                        .label("the second one")
                        .also(first.span, "the first one")
                        .help("rename one of the two, or give it a `#[name(\"..\")]`");
                }
                None => {
                    seen.insert(value, name);
                }
            }
        }
    }
}

/// Methods that every client and publisher has: ours, and those of Rust's own
/// conversions, which take `self` and so come before methods on `&self`.
const METHODS: &[&str] = &["new", "layer", "on", "into", "try_into"];

fn check_operations(cx: &mut Diagnostics, file: &File) {
    let mut seen: HashMap<&str, (&Name, &Name)> = HashMap::new();
    for service in &file.services {
        for operation in &service.operations {
            let name = &operation.name;
            if let Some((of, first)) = seen.insert(&name.rust, (&service.name, name)) {
                let message = if of.rust == service.name.rust {
                    format!(
                        "operation `{}` is declared twice in `{}`",
                        name.rust, of.rust
                    )
                } else {
                    format!(
                        "operation `{}` is declared in `{}` and in `{}`",
                        name.rust, of.rust, service.name.rust
                    )
                };
                cx.error(&rules::DUPLICATE_OPERATION, name.span, message)
                    .label("the second one")
                    .also(first.span, "the first one")
                    .help("rename one of the two; the services of a file share its names");
            }
            if METHODS.contains(&&*name.rust) {
                let owner = match operation.kind {
                    OperationKind::Event => "Publisher",
                    OperationKind::Message | OperationKind::Oneway => "Client",
                };
                let message = format!(
                    "operation `{}` clashes with `{}{owner}::{}`, which every client and publisher has",
                    name.rust, service.name.rust, name.rust
                );
                cx.error(&rules::RESERVED_METHOD, name.span, message)
                    .help(format!(
                        "rename it, to `{}_{}` for example; its pattern can stay",
                        name.rust,
                        service.name.rust.to_lowercase()
                    ));
            }
        }
    }
}
