//! `#[check(..)]`: what applies to which type.

use std::cmp::Ordering;

use super::decimal::Decimal;
use super::{groups, regex};
use crate::diag::Diagnostics;
use crate::duration;
use crate::model::{Bound, Check, CheckKind, Contract, File, Scalar, Type, TypeKind, TypeRef};
use crate::rules;
use crate::types::show;

pub(super) fn check(cx: &mut Diagnostics, contract: &Contract, file: &File) {
    for def in &file.types {
        if let TypeKind::Newtype(newtype) = &def.kind {
            check_all(cx, contract, &newtype.checks, &newtype.ty);
        }
    }
    let fields = groups(file).into_iter().flat_map(|group| group.fields);
    // A stream takes none, which is reported as such.
    for field in fields.filter(|field| field.stream.is_none()) {
        check_all(cx, contract, &field.checks, &field.ty);
    }
}

/// The type whose values are checked: an absent one has nothing to check.
pub(super) fn checked<'a>(contract: &'a Contract, ty: &'a Type) -> Option<&'a Type> {
    let mut ty = contract.on_the_wire(ty)?;
    while let TypeRef::Option(inner) | TypeRef::Box(inner) = &ty.kind {
        ty = contract.on_the_wire(inner)?;
    }
    Some(ty)
}

fn check_all(cx: &mut Diagnostics, contract: &Contract, checks: &[Check], ty: &Type) {
    let Some(checked) = checked(contract, ty) else {
        return;
    };
    for check in checks {
        check_one(cx, check, ty, &checked.kind);
    }
}

fn check_one(cx: &mut Diagnostics, check: &Check, written: &Type, ty: &TypeRef) {
    match (&check.kind, ty) {
        (CheckKind::Len { min, max }, TypeRef::Scalar(Scalar::String | Scalar::Bytes))
        | (CheckKind::Len { min, max }, TypeRef::Vec(_) | TypeRef::Map { .. }) => {
            if let (Some(min), Some(max)) = (min, max)
                && min > max
            {
                upside_down(cx, check, &format!("{min}..={max}"));
            }
        }
        (CheckKind::Unique, TypeRef::Vec(_)) => {}
        (CheckKind::Pattern(pattern), TypeRef::Scalar(Scalar::String)) => {
            regex::check(cx, pattern, check.span)
        }
        (CheckKind::Range { min, max }, TypeRef::Scalar(scalar)) if takes_range(*scalar) => {
            check_range(cx, check, (min.as_ref(), max.as_ref()), *scalar);
        }
        _ => does_not_apply(cx, check, written, ty),
    }
}

fn takes_range(scalar: Scalar) -> bool {
    matches!(
        scalar,
        Scalar::F32 | Scalar::F64 | Scalar::Decimal | Scalar::Duration
    ) || int_range(scalar).is_some()
}

/// The values of an integer type.
pub(super) fn int_range(scalar: Scalar) -> Option<(i128, i128)> {
    Some(match scalar {
        Scalar::I8 => (i8::MIN.into(), i8::MAX.into()),
        Scalar::I16 => (i16::MIN.into(), i16::MAX.into()),
        Scalar::I32 => (i32::MIN.into(), i32::MAX.into()),
        Scalar::I64 => (i64::MIN.into(), i64::MAX.into()),
        Scalar::U8 => (0, u8::MAX.into()),
        Scalar::U16 => (0, u16::MAX.into()),
        Scalar::U32 => (0, u32::MAX.into()),
        Scalar::U64 => (0, u64::MAX.into()),
        _ => return None,
    })
}

fn check_range(
    cx: &mut Diagnostics,
    check: &Check,
    ends: (Option<&Bound>, Option<&Bound>),
    scalar: Scalar,
) {
    for bound in [ends.0, ends.1].into_iter().flatten() {
        if !fits(bound, scalar) {
            let (name, example) = example(scalar);
            cx.error(
                &rules::BAD_CHECK,
                check.span,
                format!("{} is not a bound of `{name}`", show_bound(bound)),
            )
            .help(format!("write `range = {example}`"));
            return;
        }
    }
    if let (Some(min), Some(max)) = ends
        && compare(min, max, scalar) == Some(Ordering::Greater)
    {
        upside_down(
            cx,
            check,
            &format!("{}..={}", show_bound(min), show_bound(max)),
        );
    }
}

fn example(scalar: Scalar) -> (String, &'static str) {
    let name = format!("{scalar:?}");
    match scalar {
        Scalar::Decimal => (name, "\"0.00\"..=\"99.99\""),
        Scalar::Duration => (name, "\"1s\"..=\"1h\""),
        Scalar::F32 | Scalar::F64 => (name.to_lowercase(), "0.0..=1.0"),
        _ => (name.to_lowercase(), "0..=100"),
    }
}

/// Whether a bound or a default is a value of the type.
pub(super) fn fits(bound: &Bound, scalar: Scalar) -> bool {
    match (scalar, bound) {
        (Scalar::F32, Bound::Float(value)) => value.abs() <= f64::from(f32::MAX),
        (Scalar::F32 | Scalar::F64, Bound::Int(_) | Bound::Float(_)) => true,
        (Scalar::Decimal, Bound::Text(text)) => Decimal::parse(text).is_some(),
        (Scalar::Duration, Bound::Text(text)) => {
            duration::parse(text).is_some_and(|nanos| nanos >= 0)
        }
        (scalar, Bound::Int(value)) => {
            int_range(scalar).is_some_and(|(min, max)| (min..=max).contains(value))
        }
        _ => false,
    }
}

/// Two values of a type in their order; nothing if one is no such value.
pub(super) fn compare(a: &Bound, b: &Bound, scalar: Scalar) -> Option<Ordering> {
    match (scalar, a, b) {
        (_, Bound::Int(a), Bound::Int(b)) => Some(a.cmp(b)),
        (Scalar::Decimal, Bound::Text(a), Bound::Text(b)) => {
            Some(Decimal::parse(a)?.cmp(&Decimal::parse(b)?))
        }
        (Scalar::Duration, Bound::Text(a), Bound::Text(b)) => {
            Some(duration::parse(a)?.cmp(&duration::parse(b)?))
        }
        _ => float(a)?.partial_cmp(&float(b)?),
    }
}

#[expect(
    clippy::cast_precision_loss,
    reason = "the field is a float: it holds no more either"
)]
fn float(bound: &Bound) -> Option<f64> {
    match bound {
        Bound::Int(value) => Some(*value as f64),
        Bound::Float(value) => Some(*value),
        Bound::Text(_) => None,
    }
}

pub(super) fn show_bound(bound: &Bound) -> String {
    match bound {
        Bound::Int(value) => value.to_string(),
        Bound::Float(value) => format!("{value:?}"),
        Bound::Text(text) => format!("{text:?}"),
    }
}

fn upside_down(cx: &mut Diagnostics, check: &Check, range: &str) {
    cx.error(
        &rules::BAD_CHECK,
        check.span,
        format!("nothing is in {range}"),
    )
    .help("write the smaller one first");
}

fn does_not_apply(cx: &mut Diagnostics, check: &Check, written: &Type, ty: &TypeRef) {
    let name = match check.kind {
        CheckKind::Len { .. } => "len",
        CheckKind::Range { .. } => "range",
        CheckKind::Pattern(_) => "pattern",
        CheckKind::Unique => "unique",
    };
    let help = match ty {
        TypeRef::Scalar(Scalar::String) => "`String` takes `len` and `pattern`",
        TypeRef::Scalar(Scalar::Bytes) => "`Bytes` takes `len`",
        TypeRef::Scalar(scalar) if takes_range(*scalar) => {
            "numbers, decimals and durations take `range`"
        }
        TypeRef::Vec(_) => "lists take `len` and `unique`; put checks of the items on a newtype",
        TypeRef::Map { .. } => "maps take `len`; put checks of the values on a newtype",
        TypeRef::Named { .. } => "remove it; put checks on the fields inside",
        _ => "remove it; this type takes no checks",
    };
    cx.error(
        &rules::CHECK_TYPE,
        check.span,
        format!("`{name}` does not apply to `{}`", show(written)),
    )
    .help(help);
}
