//! Error enums: text, kind, code and wire form of each error.

use proc_macro2::{Ident, TokenStream};
use quote::quote;

use super::enums::{declare, decode_variant, pattern};
use super::types::derives;
use super::wire::{self, Decode, Part, Place};
use super::{Scope, docs, names, proto};
use crate::model::{ErrorEnum, ErrorKind, ErrorVariant, MessagePart, TypeDef};

/// An enum whose every variant has `#[error(..)]`.
pub(super) fn error(scope: &Scope<'_>, def: &TypeDef, error: &ErrorEnum) -> TokenStream {
    let name = names::ident(&def.name);
    let docs = docs::docs(scope.file, &def.docs, "", def.name.span);
    let deprecated = docs::deprecated(def.deprecated.as_ref());
    let derives = derives(scope.types.judge(def));
    let variants = error
        .variants
        .iter()
        .map(|error| declare(scope, &error.variant));

    let display = error.variants.iter().map(|error| display(scope, error));
    let codes = error.variants.iter().map(|error| {
        let (any, code) = (any(error), &error.code.value);
        quote!(#any => #code,)
    });
    let kinds = error.variants.iter().map(|error| {
        let (any, kind) = (any(error), kind(error.kind.value));
        quote!(#any => anywire::Kind::#kind,)
    });
    let retryable: Vec<TokenStream> = error
        .variants
        .iter()
        .filter(|error| error.retryable)
        .map(any)
        .collect();
    let is_retryable = match &*retryable {
        [] => None,
        all if all.len() == error.variants.len() => Some(quote!(true)),
        some => Some(quote!(::core::matches!(self, #(#some)|*))),
    };
    let is_retryable = is_retryable.map(|value| quote!(fn is_retryable(&self) -> bool { #value }));
    let encode = error.variants.iter().map(|error| {
        let parts = wire::parts(scope, &error.variant.fields);
        let pattern = pattern(&error.variant, &parts);
        let fields = wire::encode(&parts, Place::Bound);
        quote!(#pattern => { #fields })
    });
    let has_details = error
        .variants
        .iter()
        .any(|error| !error.variant.fields.is_empty());
    let encode = has_details.then(|| quote!(match self { #(#encode)* }));
    let decode = error.variants.iter().map(|error| {
        let code = &error.code.value;
        let Decode { statements, value } =
            decode_variant(scope, &error.variant, &names::generated("details"));
        quote!(#code => { #statements #value })
    });
    let proto = proto::error(scope, def, &name, error);
    let ty = format!("{}.{}", scope.file.header.package.value, def.name.wire);
    quote! {
        #docs
        #deprecated
        #derives
        pub enum #name { #(#variants,)* }

        #[automatically_derived]
        impl ::core::fmt::Display for #name {
            fn fmt(&self, f: &mut ::core::fmt::Formatter<'_>) -> ::core::fmt::Result {
                match self { #(#display)* }
            }
        }

        #[automatically_derived]
        impl ::core::error::Error for #name {}

        #[automatically_derived]
        impl anywire::ContractError for #name {
            const TYPE: &'static str = #ty;

            fn code(&self) -> &'static str {
                match self { #(#codes)* }
            }

            fn kind(&self) -> anywire::Kind {
                match self { #(#kinds)* }
            }

            #is_retryable

            fn encode_details(&self, to: &mut anywire::Writer) {
                to.begin_object();
                #encode
                to.end_object();
            }

            fn decode_details(
                code: &str,
                details: &mut anywire::Reader<'_>,
            ) -> Result<Option<Self>, anywire::DecodeError> {
                let error = match code {
                    #(#decode)*
                    _ => return Ok(None),
                };
                Ok(Some(error))
            }
        }

        #proto
    }
}

/// The variant, whatever its fields.
fn any(error: &ErrorVariant) -> TokenStream {
    let name = names::ident(&error.variant.name);
    if error.variant.braces {
        quote!(Self::#name { .. })
    } else {
        quote!(Self::#name)
    }
}

/// The arm that writes the message of an error.
fn display(scope: &Scope<'_>, error: &ErrorVariant) -> TokenStream {
    let used = |part: &Part<'_>| {
        let name = &part.field.name.rust;
        error
            .message
            .value
            .iter()
            .any(|piece| matches!(piece, MessagePart::Field(field) if field == name))
    };
    let (parts, others): (Vec<_>, Vec<_>) = wire::parts(scope, &error.variant.fields)
        .into_iter()
        .partition(used);
    if parts.is_empty() {
        let any = any(error);
        let text: String = error.message.value.iter().map(text).collect();
        return quote!(#any => f.write_str(#text),);
    }
    let format: String = error
        .message
        .value
        .iter()
        .map(|piece| format_piece(piece, &parts))
        .collect();
    let name = names::ident(&error.variant.name);
    let bindings = parts.iter().map(Part::binding);
    let rest = (!others.is_empty()).then(|| quote!(, ..));
    quote!(Self::#name { #(#bindings),* #rest } => ::core::write!(f, #format),)
}

fn text(piece: &MessagePart) -> &str {
    match piece {
        MessagePart::Text(text) | MessagePart::Field(text) => text,
    }
}

/// A piece of the message in a format string, which captures the bound fields.
fn format_piece(piece: &MessagePart, parts: &[Part<'_>]) -> String {
    match piece {
        MessagePart::Text(text) => text.replace('{', "{{").replace('}', "}}"),
        MessagePart::Field(field) => {
            let local = parts
                .iter()
                .find(|part| part.field.name.rust == *field)
                .map(|part| &part.local);
            local.map_or_else(String::new, |local| format!("{{{local}}}"))
        }
    }
}

fn kind(kind: ErrorKind) -> Ident {
    names::generated(match kind {
        ErrorKind::Invalid => "Invalid",
        ErrorKind::Unauthenticated => "Unauthenticated",
        ErrorKind::Forbidden => "Forbidden",
        ErrorKind::NotFound => "NotFound",
        ErrorKind::Conflict => "Conflict",
        ErrorKind::Aborted => "Aborted",
        ErrorKind::FailedPrecondition => "FailedPrecondition",
        ErrorKind::Exhausted => "Exhausted",
        ErrorKind::Internal => "Internal",
        ErrorKind::Unimplemented => "Unimplemented",
        ErrorKind::Unavailable => "Unavailable",
        ErrorKind::Deadline => "Deadline",
    })
}
