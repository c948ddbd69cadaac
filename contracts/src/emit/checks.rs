//! `#[check(..)]` as calls on the runtime's `Violations`.

use proc_macro2::{Ident, TokenStream};
use quote::quote;

use super::defaults::{float, integer};
use super::names;
use super::types::Types;
use super::wire::{Part, Place};
use crate::duration;
use crate::model::{Bound, Check, CheckKind, Scalar, Type, TypeRef};

/// The statements that check the fields, each at its place; nothing if nothing is asked of them.
pub(super) fn fields(types: &Types<'_>, parts: &[Part<'_>], place: Place) -> TokenStream {
    let (mut items, mut statements) = (TokenStream::new(), TokenStream::new());
    for Part {
        field,
        member,
        local,
    } in parts
    {
        let value = match place {
            Place::OfSelf => Value::Place(quote!(self.#member)),
            Place::Bound => Value::Reference(quote!(#local)),
        };
        let steps = of_value(
            types,
            &field.ty,
            &field.checks,
            value,
            &names::constant(&field.name.rust),
        );
        if !steps.statements.is_empty() {
            let (name, of_field) = (&field.name.wire, &steps.statements);
            items.extend(steps.items);
            statements.extend(quote!(violations.enter(#name); #of_field violations.leave();));
        }
    }
    quote!(#items #statements)
}

/// How a value is checked: items, which stand first in a function, and statements.
#[derive(Debug)]
pub(super) struct Steps {
    pub(super) items: TokenStream,
    pub(super) statements: TokenStream,
}

/// Checks one value: what its place asks of it, then what is inside it. A
/// regular expression becomes a static of the name `pattern`.
pub(super) fn of_value(
    types: &Types<'_>,
    ty: &Type,
    checks: &[Check],
    value: Value,
    pattern: &Ident,
) -> Steps {
    let items = checks.iter().filter_map(|check| match &check.kind {
        CheckKind::Pattern(text) => {
            Some(quote!(static #pattern: anywire::Pattern = anywire::Pattern::new(#text);))
        }
        _ => None,
    });
    let items = quote!(#(#items)*);
    let inside = types.of(ty).checked.then(|| {
        let value = value.reference();
        quote!(anywire::Wire::check(#value, violations);)
    });
    let asked = (!checks.is_empty()).then(|| asked(types, ty, checks, value, pattern));
    Steps {
        items,
        statements: quote!(#asked #inside),
    }
}

/// A value to be checked.
#[derive(Debug, Clone)]
pub(super) enum Value {
    /// `self.id`
    Place(TokenStream),
    /// A variable that is a reference.
    Reference(TokenStream),
}

impl Value {
    fn reference(&self) -> TokenStream {
        match self {
            Self::Place(place) => quote!(&#place),
            Self::Reference(reference) => reference.clone(),
        }
    }

    /// What is inside a newtype.
    fn wrapped(self) -> Self {
        let (Self::Place(outer) | Self::Reference(outer)) = self;
        Self::Place(quote!(#outer.0))
    }

    /// What is inside a box.
    fn unboxed(self) -> Self {
        match self {
            Self::Place(outer) => Self::Place(quote!(*#outer)),
            Self::Reference(outer) => Self::Place(quote!(**#outer)),
        }
    }
}

/// The calls for the checks of one place, made where the checked value is
/// found: inside options, boxes and newtypes.
fn asked(
    types: &Types<'_>,
    ty: &Type,
    checks: &[Check],
    value: Value,
    pattern: &Ident,
) -> TokenStream {
    if let Some(inner) = types.wrapped(ty) {
        return asked(types, inner, checks, value.wrapped(), pattern);
    }
    let ty = types.resolve(ty);
    match &ty.kind {
        TypeRef::Option(inner) => {
            let option = value.reference();
            let calls = asked(
                types,
                inner,
                checks,
                Value::Reference(quote!(value)),
                pattern,
            );
            quote!(if let Some(value) = #option { #calls })
        }
        TypeRef::Box(inner) => asked(types, inner, checks, value.unboxed(), pattern),
        _ => {
            let scalar = types.scalar(ty);
            let calls = checks
                .iter()
                .map(|check| call(scalar, &check.kind, &value.reference(), pattern));
            quote!(#(#calls;)*)
        }
    }
}

fn call(
    scalar: Option<Scalar>,
    check: &CheckKind,
    value: &TokenStream,
    pattern: &Ident,
) -> TokenStream {
    match check {
        CheckKind::Len { min, max } => {
            let bound = |bound: &u64| integer(i128::from(*bound));
            let range = range(min.as_ref().map(bound), max.as_ref().map(bound));
            quote!(violations.len(#value, #range))
        }
        CheckKind::Range { min, max }
            if matches!(scalar, Some(Scalar::Decimal | Scalar::Duration)) =>
        {
            let (min, max) = (
                text_bound(min.as_ref(), scalar),
                text_bound(max.as_ref(), scalar),
            );
            quote!(violations.text_range(#value, #min, #max))
        }
        CheckKind::Range { min, max } => {
            let is_float = matches!(scalar, Some(Scalar::F32 | Scalar::F64));
            let bound = |bound: &Bound| match bound {
                Bound::Int(value) if is_float => float(&value.to_string()),
                Bound::Int(value) => integer(*value),
                Bound::Float(value) => float(&value.to_string()),
                Bound::Text(text) => float(text),
            };
            let range = range(min.as_ref().map(bound), max.as_ref().map(bound));
            quote!(violations.range(#value, #range))
        }
        CheckKind::Pattern(_) => quote!(violations.pattern(#value, &#pattern)),
        CheckKind::Unique => quote!(violations.unique(#value)),
    }
}

fn range(min: Option<TokenStream>, max: Option<TokenStream>) -> TokenStream {
    match max {
        Some(max) => quote!(#min..=#max),
        None => quote!(#min..),
    }
}

/// The bound of a type that is text on the wire, in that text.
fn text_bound(bound: Option<&Bound>, scalar: Option<Scalar>) -> TokenStream {
    let text = match bound {
        None => return quote!(None),
        Some(Bound::Text(text)) if scalar == Some(Scalar::Duration) => seconds(text),
        Some(Bound::Text(text)) => text.clone(),
        Some(Bound::Int(value)) => value.to_string(),
        Some(Bound::Float(value)) => value.to_string(),
    };
    quote!(Some(#text))
}

/// `"2m"` as the wire has it: `"120s"`.
fn seconds(text: &str) -> String {
    let nanos = duration::parse(text).unwrap_or_default();
    let (whole, fraction) = (nanos / 1_000_000_000, nanos % 1_000_000_000);
    let fraction = format!("{fraction:09}");
    match fraction.trim_end_matches('0') {
        "" => format!("{whole}s"),
        fraction => format!("{whole}.{fraction}s"),
    }
}

#[cfg(test)]
mod tests {
    use super::seconds;

    #[test]
    fn durations_are_seconds() {
        for (text, expected) in [
            ("2m", "120s"),
            ("1.5s", "1.5s"),
            ("100ms", "0.1s"),
            ("0s", "0s"),
        ] {
            assert_eq!(seconds(text), expected);
        }
    }
}
