//! Error enums: placeholders that name fields, codes that name one error.

use std::collections::HashMap;

use crate::diag::Diagnostics;
use crate::model::{Contract, ErrorEnum, File, Scalar, Spanned, Type, TypeKind, TypeRef};
use crate::rules;
use crate::similar::similar;
use crate::types::show;

pub(super) fn check(cx: &mut Diagnostics, contract: &Contract, file: &File) {
    for def in &file.types {
        if let TypeKind::ErrorEnum(error) = &def.kind {
            check_codes(cx, error);
            check_placeholders(cx, contract, error);
        }
    }
}

/// Clients tell errors apart by their codes.
fn check_codes(cx: &mut Diagnostics, error: &ErrorEnum) {
    let mut seen: HashMap<&str, &Spanned<String>> = HashMap::new();
    for variant in &error.variants {
        let code = &variant.code;
        match seen.get(&*code.value) {
            Some(first) => {
                cx.error(
                    &rules::DUPLICATE_ERROR_CODE,
                    code.span,
                    format!("code `{}` is used twice", code.value),
                )
                .also(first.span, "the first one")
                .help("give one of the two another `code = \"..\"`");
            }
            None => {
                seen.insert(&code.value, code);
            }
        }
    }
}

fn check_placeholders(cx: &mut Diagnostics, contract: &Contract, error: &ErrorEnum) {
    for variant in &error.variants {
        let fields = &variant.variant.fields;
        for placeholder in &variant.placeholders {
            let name = &placeholder.value;
            let Some(field) = fields.iter().find(|field| field.name.rust == *name) else {
                let owner = &variant.variant.name.rust;
                let help = match similar(name, fields.iter().map(|field| &*field.name.rust)) {
                    Some(near) => format!("a field with a similar name exists: `{near}`"),
                    None if fields.is_empty() => format!("add the field, or remove `{{{name}}}`"),
                    None => {
                        let names: Vec<String> = fields
                            .iter()
                            .map(|field| format!("`{}`", field.name.rust))
                            .collect();
                        format!("the fields are {}", names.join(", "))
                    }
                };
                let message =
                    format!("message placeholder `{{{name}}}` is not a field of `{owner}`");
                cx.error(&rules::MESSAGE_PLACEHOLDER, placeholder.span, message)
                    .help(help);
                continue;
            };
            if !has_text(contract, &field.ty) {
                let message = format!(
                    "message placeholder `{{{name}}}` is a `{}`, which has no text",
                    show(&field.ty)
                );
                cx.error(&rules::MESSAGE_PLACEHOLDER, placeholder.span, message)
                    .help("leave it out of the message; the caller gets the field in any case");
            }
        }
    }
}

/// Whether a value can stand in a sentence.
fn has_text(contract: &Contract, ty: &Type) -> bool {
    let Some(ty) = contract.on_the_wire(ty) else {
        return true;
    };
    match &ty.kind {
        TypeRef::Scalar(scalar) => !matches!(scalar, Scalar::Json | Scalar::Bytes),
        TypeRef::Named { target, .. } => {
            let def = target.and_then(|id| contract.type_def(id));
            def.is_none_or(|def| matches!(def.kind, TypeKind::UnitEnum(_)))
        }
        _ => false,
    }
}
