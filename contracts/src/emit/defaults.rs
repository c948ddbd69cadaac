//! `#[default(..)]` as Rust.

use proc_macro2::{Literal, TokenStream};
use quote::quote;

use super::names;
use super::types::{Types, written};
use crate::duration;
use crate::model::{DefaultValue, Scalar, Type, TypeKind, TypeRef};

/// The expression of a default.
#[derive(Debug)]
pub(super) struct Default {
    pub(super) value: TokenStream,
    /// Whether it costs nothing to have it ready and not use it.
    pub(super) is_cheap: bool,
    /// Whether it is what `Default` gives.
    pub(super) is_empty: bool,
}

/// The default of a field of type `ty`, newtypes looked through.
pub(super) fn expression(types: &Types<'_>, ty: &Type, value: &DefaultValue) -> Default {
    if let Some(inner) = types.wrapped(ty) {
        let inner = expression(types, inner, value);
        let (name, value) = (written(ty), inner.value);
        return Default {
            value: quote!(#name(#value)),
            is_cheap: inner.is_cheap,
            is_empty: false,
        };
    }
    let cheap = |value: TokenStream| Default {
        value,
        is_cheap: true,
        is_empty: false,
    };
    let ty = types.resolve(ty);
    match (value, types.scalar(ty)) {
        (DefaultValue::Empty, _) => {
            let value = match ty.kind {
                TypeRef::Map { sorted: true, .. } => quote!(BTreeMap::new()),
                TypeRef::Map { sorted: false, .. } => quote!(HashMap::new()),
                _ => quote!(Vec::new()),
            };
            Default {
                value,
                is_cheap: true,
                is_empty: true,
            }
        }
        (DefaultValue::Bool(value), _) => cheap(quote!(#value)),
        (DefaultValue::Int(value), Some(Scalar::F32 | Scalar::F64)) => {
            cheap(float(&value.to_string()))
        }
        (DefaultValue::Int(value), _) => cheap(integer(*value)),
        (DefaultValue::Float(value), _) => cheap(float(&value.to_string())),
        (DefaultValue::Text(text), Some(Scalar::Duration)) => cheap(span_of_time(text)),
        (DefaultValue::Text(text), Some(Scalar::Decimal)) => Default {
            value: quote!(anywire::decimal(#text)),
            is_cheap: false,
            is_empty: false,
        },
        (DefaultValue::Text(text), Some(Scalar::String)) if text.is_empty() => Default {
            value: quote!(String::new()),
            is_cheap: true,
            is_empty: true,
        },
        (DefaultValue::Text(text), _) => Default {
            value: quote!(String::from(#text)),
            is_cheap: false,
            is_empty: false,
        },
        (DefaultValue::Variant(variant), _) => {
            let name = written(ty);
            let variants = types.declared(ty).and_then(|def| match &def.kind {
                TypeKind::UnitEnum(unit) => Some(&unit.variants),
                _ => None,
            });
            let variant = variants
                .and_then(|variants| variants.iter().find(|known| known.name.rust == *variant));
            let variant = variant.map_or_else(
                || names::generated("Unknown"),
                |variant| names::ident(&variant.name),
            );
            cheap(quote!(#name::#variant))
        }
    }
}

/// An integer without a suffix, so that it takes the type of its field.
pub(super) fn integer(value: i128) -> TokenStream {
    let digits = Literal::u128_unsuffixed(value.unsigned_abs());
    if value < 0 {
        quote!(-#digits)
    } else {
        quote!(#digits)
    }
}

/// A float without a suffix; `text` is its shortest decimal form.
pub(super) fn float(text: &str) -> TokenStream {
    let digits = Literal::f64_unsuffixed(text.trim_start_matches('-').parse().unwrap_or_default());
    if text.starts_with('-') {
        quote!(-#digits)
    } else {
        quote!(#digits)
    }
}

/// `"1.5s"` as a duration of the runtime.
fn span_of_time(text: &str) -> TokenStream {
    let nanos = duration::parse(text)
        .and_then(|nanos| u64::try_from(nanos).ok())
        .unwrap_or_default();
    if nanos.is_multiple_of(1_000_000) {
        let millis = Literal::u64_unsuffixed(nanos / 1_000_000);
        quote!(Duration::from_millis(#millis))
    } else {
        let nanos = Literal::u64_unsuffixed(nanos);
        quote!(Duration::from(::core::time::Duration::from_nanos(#nanos)))
    }
}
