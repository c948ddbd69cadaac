//! Documentation and deprecation, carried from the contract to what is generated.

use proc_macro2::{Span, TokenStream};
use quote::quote;

use crate::model::{Deprecated, Docs, File};

/// The contract's own words, else `instead`, and where they stand.
pub(super) fn docs(file: &File, docs: &Docs, instead: &str, at: Span) -> TokenStream {
    let own = docs.iter().map(String::as_str);
    let mut lines: Vec<String> = own.map(str::to_owned).collect();
    if lines.is_empty() && !instead.is_empty() {
        lines.push(format!(" {instead}"));
    }
    if !lines.is_empty() {
        lines.push(String::new());
    }
    lines.push(format!(" Defined at `{}:{}`.", file.path, at.start().line));
    quote!(#(#[doc = #lines])*)
}

/// The contract's own words about a field or a variant, else where it stands.
pub(super) fn member(file: &File, own: &Docs, at: Span) -> TokenStream {
    if own.is_empty() {
        docs(file, own, "", at)
    } else {
        quote!(#(#[doc = #own])*)
    }
}

/// One line about something that only generation knows.
pub(super) fn line(text: &str) -> TokenStream {
    let text = format!(" {text}");
    quote!(#[doc = #text])
}

/// `#[deprecated(..)]` as the contract has it.
pub(super) fn deprecated(deprecated: Option<&Deprecated>) -> TokenStream {
    let Some(deprecated) = deprecated else {
        return TokenStream::new();
    };
    match (&deprecated.since, &deprecated.note) {
        (Some(since), Some(note)) => quote!(#[deprecated(since = #since, note = #note)]),
        (Some(since), None) => quote!(#[deprecated(since = #since)]),
        (None, Some(note)) => quote!(#[deprecated(note = #note)]),
        (None, None) => quote!(#[deprecated]),
    }
}
