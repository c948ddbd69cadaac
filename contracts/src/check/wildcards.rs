//! Typed wildcards: `{role}` in the pattern of an event is its argument `role`.

use super::operations_of;
use crate::diag::Diagnostics;
use crate::model::{
    Contract, File, Operation, Scalar, Spanned, TypeId, TypeKind, TypeRef, Variant,
};
use crate::rules;
use crate::similar::similar;
use crate::types::show;

pub(super) fn check(cx: &mut Diagnostics, contract: &Contract, file: &File) {
    for operation in operations_of(file) {
        for (at, wildcard) in operation.wildcards.iter().enumerate() {
            let before = &operation.wildcards[..at];
            match before.iter().find(|first| first.value == wildcard.value) {
                Some(first) => {
                    let message = format!("`{{{}}}` stands twice in the pattern", wildcard.value);
                    cx.error(&rules::WILDCARD_ARGUMENT, wildcard.span, message)
                        .also(first.span, "the first time")
                        .help("name each argument once");
                }
                None => check_argument(cx, contract, operation, wildcard),
            }
        }
    }
}

fn check_argument(
    cx: &mut Diagnostics,
    contract: &Contract,
    operation: &Operation,
    wildcard: &Spanned<String>,
) {
    let name = &wildcard.value;
    let Some(arg) = operation.args.iter().find(|arg| arg.name.rust == *name) else {
        let message = format!("`{}` has no argument `{name}`", operation.name.rust);
        let names = operation.args.iter().map(|arg| &*arg.name.rust);
        let help = match similar(name, names) {
            Some(near) => format!("an argument with a similar name exists: `{near}`"),
            None => format!("add the argument: the text of its value stands for `{{{name}}}`"),
        };
        cx.error(&rules::WILDCARD_ARGUMENT, wildcard.span, message)
            .help(help);
        return;
    };
    // Unknown, which is reported already.
    let Some(ty) = contract.on_the_wire(&arg.ty) else {
        return;
    };
    let variants = match &ty.kind {
        TypeRef::Scalar(scalar) if has_plain_text(*scalar) => return,
        TypeRef::Named { target, .. } => target.and_then(|id| variants(contract, id)),
        _ => None,
    };
    let Some(variants) = variants else {
        let message = format!(
            "`{{{name}}}`: a `{}` cannot stand in a pattern",
            show(&arg.ty)
        );
        cx.error(&rules::WILDCARD_ARGUMENT, wildcard.span, message)
            .help("use an integer, a `bool`, a `Uuid`, an enum without data, or a newtype of one: their texts hold no dots");
        return;
    };
    if let Some(variant) = variants.iter().find(|variant| !is_part(&variant.name.wire)) {
        let message = format!(
            "`{{{name}}}`: `{}` is `{}` on the wire, which cannot stand between two dots",
            variant.name.rust, variant.name.wire
        );
        cx.error(&rules::WILDCARD_ARGUMENT, wildcard.span, message)
            .help("use a type whose texts are made of `A-Z`, `a-z`, `0-9`, `_` and `-`");
    }
}

/// Scalars whose texts never hold what separates the parts of a name.
fn has_plain_text(scalar: Scalar) -> bool {
    matches!(
        scalar,
        Scalar::Bool
            | Scalar::I8
            | Scalar::I16
            | Scalar::I32
            | Scalar::I64
            | Scalar::U8
            | Scalar::U16
            | Scalar::U32
            | Scalar::U64
            | Scalar::Uuid
    )
}

/// The values of a unit enum. An open one counts: what it does not know is
/// looked at when it is published.
fn variants(contract: &Contract, id: TypeId) -> Option<&[Variant]> {
    match &contract.type_def(id)?.kind {
        TypeKind::UnitEnum(unit) => Some(&unit.variants),
        _ => None,
    }
}

fn is_part(text: &str) -> bool {
    text.chars()
        .all(|c| c.is_ascii_alphanumeric() || matches!(c, '_' | '-'))
}
