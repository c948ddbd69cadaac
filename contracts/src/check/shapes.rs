//! What types may hold: what JSON, protobuf and JSON Schema can all say.

use crate::diag::Diagnostics;
use crate::model::{Contract, File, Scalar, Type, TypeKind, TypeRef};
use crate::rules;
use crate::types::show;

use super::{groups, operations_of};

pub(super) fn check(cx: &mut Diagnostics, contract: &Contract, file: &File) {
    for def in &file.types {
        match &def.kind {
            TypeKind::Alias(ty) => check_named(cx, contract, ty, "alias", &def.name.rust),
            TypeKind::Newtype(newtype) => {
                check_named(cx, contract, &newtype.ty, "newtype", &def.name.rust)
            }
            _ => {}
        }
    }
    for field in groups(file).iter().flat_map(|group| group.fields) {
        check_type(cx, contract, &field.ty);
        if let Some(span) = field.json_string
            && field.stream.is_none()
            && contract
                .behind_aliases(&field.ty)
                .is_some_and(|ty| !is_wide(contract, ty))
        {
            let message = format!("`#[json(string)]` does not apply to `{}`", show(&field.ty));
            cx.error(&rules::JSON_STRING, span, message)
                .help("remove it; it is for `i64` and `u64`, which JavaScript cannot hold exactly");
        }
    }
    for operation in operations_of(file) {
        check_type(cx, contract, &operation.returns);
        if let Some(error) = &operation.error {
            check_error(cx, contract, error);
        }
    }
}

fn is_wide(contract: &Contract, ty: &Type) -> bool {
    match &ty.kind {
        TypeRef::Option(inner) => contract
            .behind_aliases(inner)
            .is_none_or(|inner| is_wide(contract, inner)),
        TypeRef::Scalar(Scalar::I64 | Scalar::U64) => true,
        _ => false,
    }
}

/// Whether a field is optional must be seen at the field.
fn check_named(cx: &mut Diagnostics, contract: &Contract, ty: &Type, what: &str, name: &str) {
    if matches!(ty.kind, TypeRef::Option(_)) {
        cx.error(
            &rules::HIDDEN_OPTION,
            ty.span,
            format!("{what} `{name}` hides an `Option`"),
        )
        .help(format!(
            "name the type inside, and write `Option<{name}>` where it is optional"
        ));
    }
    check_type(cx, contract, ty);
}

/// Where boxes, aliases and newtypes are looked through.
fn core<'a>(contract: &'a Contract, ty: &'a Type) -> Option<&'a Type> {
    let mut ty = contract.on_the_wire(ty)?;
    while let TypeRef::Box(inner) = &ty.kind {
        ty = contract.on_the_wire(inner)?;
    }
    Some(ty)
}

/// What is wrong with one type inside another. An `Option` behind a name is
/// reported where the name is declared.
fn core_of<'a>(contract: &'a Contract, ty: &'a Type) -> Option<&'a TypeRef> {
    let core = &core(contract, ty)?.kind;
    let hidden = matches!(ty.kind, TypeRef::Named { .. }) && matches!(core, TypeRef::Option(_));
    (!hidden).then_some(core)
}

fn check_type(cx: &mut Diagnostics, contract: &Contract, ty: &Type) {
    match &ty.kind {
        TypeRef::Unit | TypeRef::Scalar(_) => {}
        TypeRef::Named { name, target } => {
            let def = target.and_then(|id| contract.type_def(id));
            if def.is_some_and(|def| matches!(def.kind, TypeKind::ErrorEnum(_))) {
                cx.error(
                    &rules::ERROR_AS_TYPE,
                    ty.span,
                    format!("`{name}` is an error enum, not a type of data"),
                )
                .help("errors stand in `Result<.., E>` only; declare an enum for data");
            }
        }
        TypeRef::Option(inner) => {
            match core_of(contract, inner) {
                Some(TypeRef::Option(_)) => {
                    cx.error(
                        &rules::NESTED_OPTION,
                        ty.span,
                        format!("`{}` is optional twice", show(ty)),
                    )
                    .help("drop one `Option`: on the wire there is only absent or there");
                }
                Some(TypeRef::Vec(_) | TypeRef::Map { .. }) => {
                    let message = format!(
                        "`{}`: protobuf cannot tell an absent list or map from an empty one",
                        show(ty)
                    );
                    cx.error(&rules::NESTED_OPTION, ty.span, message)
                        .help("drop the `Option`, and write `#[default]` if it may be left out");
                }
                _ => {}
            }
            check_type(cx, contract, inner);
        }
        TypeRef::Vec(inner) => {
            match core_of(contract, inner) {
                Some(TypeRef::Scalar(Scalar::U8)) => {
                    cx.error(
                        &rules::BYTE_LIST,
                        ty.span,
                        format!("`{}` is an array of numbers in JSON", show(ty)),
                    )
                    .help("use `Bytes`");
                }
                Some(TypeRef::Vec(_) | TypeRef::Map { .. } | TypeRef::Option(_)) => {
                    cx.error(
                        &rules::NESTED_LIST,
                        ty.span,
                        format!("`{}`: protobuf has no such lists", show(ty)),
                    )
                    .help("declare a struct for the items: it can grow");
                }
                _ => {}
            }
            check_type(cx, contract, inner);
        }
        TypeRef::Map { key, value, .. } => {
            check_key(cx, contract, key);
            if let Some(TypeRef::Vec(_) | TypeRef::Map { .. } | TypeRef::Option(_)) =
                core_of(contract, value)
            {
                cx.error(
                    &rules::MAP_VALUE,
                    value.span,
                    format!("map value `{}`: protobuf has no such maps", show(value)),
                )
                .help("declare a struct for the values: it can grow");
            }
            check_type(cx, contract, value);
        }
        TypeRef::Box(inner) => {
            if matches!(inner.kind, TypeRef::Option(_)) {
                let help = match &inner.kind {
                    TypeRef::Option(inside) => format!("write `Option<Box<{}>>`", show(inside)),
                    _ => "write the `Option` outside".to_owned(),
                };
                cx.error(
                    &rules::HIDDEN_OPTION,
                    inner.span,
                    "a `Box` hides an `Option`",
                )
                .help(help);
            }
            check_type(cx, contract, inner);
        }
    }
}

/// Protobuf takes strings, integers and bools as keys; JSON takes their text.
fn check_key(cx: &mut Diagnostics, contract: &Contract, key: &Type) {
    let Some(core) = contract.on_the_wire(key) else {
        return;
    };
    let what = match &core.kind {
        TypeRef::Scalar(
            Scalar::String
            | Scalar::Bool
            | Scalar::I8
            | Scalar::I16
            | Scalar::I32
            | Scalar::I64
            | Scalar::U8
            | Scalar::U16
            | Scalar::U32
            | Scalar::U64,
        ) => return,
        TypeRef::Named { target, .. } => match target
            .and_then(|id| contract.type_def(id))
            .map(|def| &def.kind)
        {
            Some(TypeKind::Struct(_)) => "a struct",
            _ => "an enum",
        },
        TypeRef::Vec(_) => "a list",
        TypeRef::Map { .. } => "a map",
        TypeRef::Option(_) => "optional",
        _ => "no string, integer or bool",
    };
    cx.error(
        &rules::MAP_KEY,
        key.span,
        format!("map key `{}` is {what}", show(key)),
    )
    .help("use `String`, an integer, `bool` or a newtype of one: protobuf allows no other keys");
}

/// The error of a `Result`.
fn check_error(cx: &mut Diagnostics, contract: &Contract, error: &Type) {
    let is_error_enum = match &error.kind {
        // Unknown, which is reported already.
        TypeRef::Named { target: None, .. } => return,
        TypeRef::Named {
            target: Some(id), ..
        } => contract
            .type_def(*id)
            .is_some_and(|def| matches!(def.kind, TypeKind::ErrorEnum(_))),
        _ => false,
    };
    if !is_error_enum {
        cx.error(
            &rules::NOT_AN_ERROR_ENUM,
            error.span,
            format!("`{}` is not an error enum", show(error)),
        )
        .help("an error enum has `#[error(not_found, \"..\")]` on each of its variants");
    }
}
