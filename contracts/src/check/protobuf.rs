//! What protobuf asks of a file besides numbers: imports that it can hold too,
//! and one name for one thing in every message.

use std::collections::HashMap;

use super::groups;
use crate::case;
use crate::diag::Diagnostics;
use crate::model::{Contract, Field, File, Name, RenameRule, TypeKind, Variant};
use crate::proto::names;
use crate::rules;

pub(super) fn check(cx: &mut Diagnostics, contract: &Contract, file: &File) {
    if file.header.proto.is_some() {
        check_imports(cx, contract, file);
        check_fields(cx, file);
        check_variants(cx, file);
    }
}

/// What is encoded as protobuf holds nothing that is not.
fn check_imports(cx: &mut Diagnostics, contract: &Contract, file: &File) {
    for import in &file.imports {
        let Some(from) = import.target.map(|id| &contract.files[id.file]) else {
            continue;
        };
        // A head that could not be read says nothing about encodings.
        if from.header.proto.is_none() && !from.header.package.value.is_empty() {
            let message = format!(
                "`{}` has no protobuf: {} is encoded as JSON only",
                import.name.rust, from.path
            );
            cx.error(&rules::JSON_ONLY_IMPORT, import.name.span, message)
                .help(format!(
                    "write `encodings(json, proto)` in the head of {}, and give its types numbers",
                    from.path
                ));
        }
    }
}

/// Fields of a message. Those that are one in JSON are reported as such.
fn check_fields(cx: &mut Diagnostics, file: &File) {
    for group in groups(file) {
        let fields = group.fields.iter().map(|Field { name, .. }| name);
        let in_json = |name: &Name| case::rename(&name.wire, RenameRule::Camel);
        check_once(cx, fields, |name| vec![in_proto(name)], in_json);
    }
}

/// Variants with data are fields of one message, and messages inside it.
fn check_variants(cx: &mut Diagnostics, file: &File) {
    for def in &file.types {
        let variants: Vec<&Variant> = match &def.kind {
            TypeKind::DataEnum(data) => data.variants.iter().collect(),
            TypeKind::ErrorEnum(error) => {
                error.variants.iter().map(|error| &error.variant).collect()
            }
            _ => continue,
        };
        let variants = variants.into_iter().map(|variant| &variant.name);
        let both = |name: &str| vec![in_proto(name), names::variant(name)];
        // Variants that are one in JSON are reported as such; errors have codes.
        let in_json = |name: &Name| match def.kind {
            TypeKind::ErrorEnum(_) => name.rust.clone(),
            _ => case::rename(&name.wire, RenameRule::ScreamingSnake),
        };
        check_once(cx, variants, both, in_json);
    }
}

fn in_proto(name: &str) -> String {
    names::json(&names::field(name))
}

fn check_once<'a>(
    cx: &mut Diagnostics,
    members: impl Iterator<Item = &'a Name>,
    in_proto: impl Fn(&str) -> Vec<String>,
    in_json: impl Fn(&Name) -> String,
) {
    let mut seen: HashMap<String, &Name> = HashMap::new();
    for name in members {
        for proto in in_proto(&name.rust) {
            match seen.get(&proto) {
                // Reported by what it is in Rust and in JSON.
                Some(first) if first.rust == name.rust || in_json(first) == in_json(name) => {}
                Some(first) => {
                    let message = format!(
                        "`{}` and `{}` are both `{proto}` in protobuf",
                        first.rust, name.rust
                    );
                    cx.error(&rules::PROTO_NAME, name.span, message)
                        .label("the second one")
                        .also(first.span, "the first one")
                        .help("rename one of the two; `#[name(\"..\")]` keeps its name in JSON");
                    break;
                }
                None => {
                    seen.insert(proto, name);
                }
            }
        }
    }
}
