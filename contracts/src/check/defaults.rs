//! `#[default(..)]`: a value of the type that satisfies its checks.

use super::constraints::{checked, compare, fits, int_range, show_bound};
use super::groups;
use crate::diag::Diagnostics;
use crate::model::{
    Bound, Check, CheckKind, Contract, DefaultValue, Field, File, Scalar, Spanned, Type, TypeKind,
    TypeRef,
};
use crate::rules;
use crate::similar::similar;
use crate::types::show;
use std::cmp::Ordering;

pub(super) fn check(cx: &mut Diagnostics, contract: &Contract, file: &File) {
    let fields = groups(file).into_iter().flat_map(|group| group.fields);
    // A stream takes none, which is reported as such.
    for field in fields.filter(|field| field.stream.is_none()) {
        if let Some(default) = &field.default {
            check_field(cx, contract, field, default);
        }
    }
}

fn check_field(
    cx: &mut Diagnostics,
    contract: &Contract,
    field: &Field,
    default: &Spanned<DefaultValue>,
) {
    if field.payload.is_some() {
        cx.error(
            &rules::BAD_DEFAULT,
            default.span,
            "a payload has no default: it is always there",
        )
        .help("remove `#[default]`, or `#[payload]`");
        return;
    }
    if matches!(field.ty.kind, TypeRef::Option(_)) {
        cx.error(
            &rules::DEFAULT_ON_OPTION,
            default.span,
            format!("optional `{}` has a default", field.name.rust),
        )
        .help("drop the `Option`: with a default the value is always there");
        return;
    }
    let Some(ty) = checked(contract, &field.ty) else {
        return;
    };
    if !is_value(cx, contract, &field.ty, ty, default) {
        return;
    }
    for check in checks_of(contract, field) {
        if violates(&default.value, check, ty) {
            cx.error(
                &rules::BAD_DEFAULT,
                default.span,
                format!(
                    "default {} violates `{}`",
                    show_default(&default.value),
                    show_check(&check.kind)
                ),
            )
            .help("choose a default that clients could send themselves");
        }
    }
}

/// The field's own checks and those of the newtypes it goes through.
fn checks_of<'a>(contract: &'a Contract, field: &'a Field) -> Vec<&'a Check> {
    let mut checks: Vec<&Check> = field.checks.iter().collect();
    let mut ty = &field.ty;
    // Circles are reported elsewhere; this must only end.
    for _ in 0..64 {
        match &ty.kind {
            TypeRef::Box(inner) => ty = inner,
            TypeRef::Named {
                target: Some(id), ..
            } => match contract.type_def(*id).map(|def| &def.kind) {
                Some(TypeKind::Alias(inner)) => ty = inner,
                Some(TypeKind::Newtype(newtype)) => {
                    checks.extend(&newtype.checks);
                    ty = &newtype.ty;
                }
                _ => break,
            },
            _ => break,
        }
    }
    checks
}

/// A default as the bound of a range, if it is a number or a text.
fn as_bound(value: &DefaultValue) -> Option<Bound> {
    match value {
        DefaultValue::Int(value) => Some(Bound::Int(*value)),
        DefaultValue::Float(value) => Some(Bound::Float(*value)),
        DefaultValue::Text(text) => Some(Bound::Text(text.clone())),
        DefaultValue::Empty | DefaultValue::Bool(_) | DefaultValue::Variant(_) => None,
    }
}

/// Whether the default is a value of the type; reports it if not.
fn is_value(
    cx: &mut Diagnostics,
    contract: &Contract,
    written: &Type,
    ty: &Type,
    default: &Spanned<DefaultValue>,
) -> bool {
    let value = &default.value;
    let sound = match (&ty.kind, value) {
        (TypeRef::Vec(_) | TypeRef::Map { .. }, DefaultValue::Empty)
        | (TypeRef::Scalar(Scalar::Bool), DefaultValue::Bool(_))
        | (TypeRef::Scalar(Scalar::String), DefaultValue::Text(_)) => true,
        (TypeRef::Scalar(scalar), value) => {
            as_bound(value).is_some_and(|bound| fits(&bound, *scalar))
        }
        (
            TypeRef::Named {
                target: Some(id), ..
            },
            DefaultValue::Variant(name),
        ) => match contract.type_def(*id).map(|def| &def.kind) {
            Some(TypeKind::UnitEnum(unit)) => {
                let names = || unit.variants.iter().map(|variant| &*variant.name.rust);
                if !names().any(|known| known == name) {
                    let help = match similar(name, names()) {
                        Some(near) => format!("a variant with a similar name exists: `{near}`"),
                        None => {
                            let all: Vec<String> =
                                names().map(|name| format!("`{name}`")).collect();
                            format!("the variants are {}", all.join(", "))
                        }
                    };
                    cx.error(
                        &rules::BAD_DEFAULT,
                        default.span,
                        format!("`{}` has no variant `{name}`", show(written)),
                    )
                    .help(help);
                    return false;
                }
                true
            }
            _ => false,
        },
        _ => false,
    };
    if !sound {
        let message = match value {
            DefaultValue::Empty => format!("`{}` has no empty value", show(written)),
            value => format!(
                "default {} is not a `{}`",
                show_default(value),
                show(written)
            ),
        };
        cx.error(&rules::BAD_DEFAULT, default.span, message)
            .help(advice(contract, ty));
    }
    sound
}

/// What a default of the type looks like.
fn advice(contract: &Contract, ty: &Type) -> &'static str {
    match &ty.kind {
        TypeRef::Scalar(Scalar::Bool) => "write `#[default(true)]` or `#[default(false)]`",
        TypeRef::Scalar(Scalar::String) => "write `#[default(\"text\")]`",
        TypeRef::Scalar(Scalar::Decimal) => "write `#[default(\"0.00\")]`",
        TypeRef::Scalar(Scalar::Duration) => {
            "write `#[default(\"30s\")]`, a number with `ms`, `s`, `m` or `h`"
        }
        TypeRef::Scalar(Scalar::F32 | Scalar::F64) => "write `#[default(0.5)]`",
        TypeRef::Scalar(scalar) if int_range(*scalar).is_some() => {
            "write `#[default(20)]`, a number that the type can hold"
        }
        TypeRef::Vec(_) | TypeRef::Map { .. } => {
            "write `#[default]`: the empty one is the only default"
        }
        TypeRef::Named {
            target: Some(id), ..
        } => match contract.type_def(*id).map(|def| &def.kind) {
            Some(TypeKind::UnitEnum(_)) => {
                "write `#[default(Variant)]`, with the name of a variant"
            }
            _ => "remove it; make the field an `Option` if it may be left out",
        },
        _ => "remove it; make the field an `Option` if it may be left out",
    }
}

fn violates(value: &DefaultValue, check: &Check, ty: &Type) -> bool {
    match (&check.kind, value) {
        (CheckKind::Range { min, max }, value) => {
            let (Some(value), TypeRef::Scalar(scalar)) = (as_bound(value), &ty.kind) else {
                return false;
            };
            let below = min
                .as_ref()
                .is_some_and(|min| compare(&value, min, *scalar) == Some(Ordering::Less));
            let above = max
                .as_ref()
                .is_some_and(|max| compare(&value, max, *scalar) == Some(Ordering::Greater));
            below || above
        }
        (CheckKind::Len { min, max }, value) => {
            let len = match value {
                DefaultValue::Text(text) => text.chars().count() as u64,
                _ => 0,
            };
            min.is_some_and(|min| len < min) || max.is_some_and(|max| len > max)
        }
        // A pattern that is no regular expression is reported on its own.
        (CheckKind::Pattern(pattern), DefaultValue::Text(text)) => {
            regex_lite::Regex::new(pattern).is_ok_and(|regex| !regex.is_match(text))
        }
        (CheckKind::Pattern(_) | CheckKind::Unique, _) => false,
    }
}

fn show_default(value: &DefaultValue) -> String {
    match value {
        DefaultValue::Empty => "`[]`".to_owned(),
        DefaultValue::Bool(value) => format!("`{value}`"),
        DefaultValue::Int(value) => format!("`{value}`"),
        DefaultValue::Float(value) => format!("`{value:?}`"),
        DefaultValue::Text(text) => format!("`{text:?}`"),
        DefaultValue::Variant(name) => format!("`{name}`"),
    }
}

fn show_check(check: &CheckKind) -> String {
    fn range<T>(min: Option<&T>, max: Option<&T>, show: impl Fn(&T) -> String) -> String {
        let max = max.map(|max| format!("={}", show(max)));
        format!(
            "{}..{}",
            min.map(&show).unwrap_or_default(),
            max.unwrap_or_default()
        )
    }
    match check {
        CheckKind::Len { min, max } => format!(
            "len = {}",
            range(min.as_ref(), max.as_ref(), u64::to_string)
        ),
        CheckKind::Range { min, max } => {
            format!("range = {}", range(min.as_ref(), max.as_ref(), show_bound))
        }
        CheckKind::Pattern(pattern) => format!("pattern = {pattern:?}"),
        CheckKind::Unique => "unique".to_owned(),
    }
}
