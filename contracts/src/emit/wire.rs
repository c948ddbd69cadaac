//! Reading and writing the fields of structs, requests and variants.

use proc_macro2::{Ident, Literal, TokenStream};
use quote::quote;

use super::names::{self, Names};
use super::types::{Types, written};
use super::{Scope, defaults};
use crate::model::{Field, TypeRef};

/// The names of generated code that stand beside a field's own.
const LOCALS: &[&str] = &[
    "from",
    "to",
    "object",
    "field",
    "violations",
    "value",
    "f",
    "details",
    "code",
    "request",
];

/// A field and its names.
#[derive(Debug)]
pub(super) struct Part<'a> {
    pub(super) field: &'a Field,
    /// The field in Rust: `r#type`.
    pub(super) member: Ident,
    /// A variable that holds it: `type_`.
    pub(super) local: Ident,
}

impl Part<'_> {
    /// `id`, or `r#type: type_`: the field in a pattern.
    pub(super) fn binding(&self) -> TokenStream {
        let Self { member, local, .. } = self;
        if member == local {
            quote!(#local)
        } else {
            quote!(#member: #local)
        }
    }

    /// `id: value`, or `id` if the value is the variable of that name.
    pub(super) fn init(&self, value: &TokenStream) -> TokenStream {
        let member = &self.member;
        if *member == value.to_string() {
            quote!(#member)
        } else {
            quote!(#member: #value)
        }
    }

    pub(super) fn is_option(&self) -> bool {
        matches!(self.field.ty.kind, TypeRef::Option(_))
    }

    /// Whether senders may leave it out.
    pub(super) fn is_optional(&self) -> bool {
        self.is_option() || self.field.default.is_some()
    }
}

/// The fields with their names.
pub(super) fn parts<'a>(scope: &Scope<'a>, fields: &'a [Field]) -> Vec<Part<'a>> {
    parts_beside(scope, fields, LOCALS)
}

/// The same, where other names of generated code stand beside them.
pub(super) fn parts_beside<'a>(
    scope: &Scope<'a>,
    fields: &'a [Field],
    own: &[&str],
) -> Vec<Part<'a>> {
    let mut locals = Names::locals(scope.file, own);
    let part = |field: &'a Field| Part {
        field,
        member: names::ident(&field.name),
        local: locals.take(&field.name.rust),
    };
    fields.iter().map(part).collect()
}

/// Where the value of a field is while it is written.
#[derive(Debug, Clone, Copy)]
pub(super) enum Place {
    /// `self.id`
    OfSelf,
    /// `id`, which is bound by reference.
    Bound,
}

/// The calls that write the fields into an open object.
pub(super) fn encode(parts: &[Part<'_>], place: Place) -> TokenStream {
    let calls = parts.iter().map(|part| {
        let Part {
            field,
            member,
            local,
        } = part;
        let name = &field.name.wire;
        let (reference, value, method) = match place {
            Place::OfSelf => (
                quote!(&self.#member),
                quote!(self.#member),
                quote!(self.#member),
            ),
            Place::Bound => (quote!(#local), quote!(*#local), quote!(#local)),
        };
        match (part.is_option(), field.json_string) {
            (true, None) => quote!(to.optional(#name, #reference);),
            (true, Some(_)) => quote!(to.optional(#name, &#method.map(anywire::Text));),
            (false, None) => quote!(to.field(#name, #reference);),
            (false, Some(_)) => quote!(to.field(#name, &anywire::Text(#value));),
        }
    });
    quote!(#(#calls)*)
}

/// How an object is read: statements, then the expression of what was read.
#[derive(Debug)]
pub(super) struct Decode {
    pub(super) statements: TokenStream,
    pub(super) value: TokenStream,
}

/// Reads an object from the reader `from`.
pub(super) fn decode(
    types: &Types<'_>,
    parts: &[Part<'_>],
    from: &Ident,
    constructor: &TokenStream,
) -> Decode {
    if parts.is_empty() {
        return Decode {
            statements: quote!(#from.object(&[]).finish()?;),
            value: quote!(#constructor {}),
        };
    }
    let names = parts.iter().map(|part| &part.field.name.wire);
    let slots = parts.iter().map(|part| {
        let local = &part.local;
        match part.field.json_string {
            Some(_) => {
                let ty = written(text_of(part.field));
                quote!(let mut #local: Option<anywire::Text<#ty>> = None;)
            }
            None => quote!(let mut #local = None;),
        }
    });
    let arms = parts.iter().enumerate().map(|(index, part)| {
        let (index, local) = (Literal::usize_unsuffixed(index), &part.local);
        let read = if part.is_option() {
            quote!(read_optional)
        } else {
            quote!(read)
        };
        quote!(#index => object.#read(&mut #local),)
    });
    let there = there(parts);
    let inits = parts
        .iter()
        .map(|part| part.init(&taken(types, part, part.field.json_string.is_some())));
    let statements = quote! {
        const FIELDS: &[&str] = &[#(#names),*];
        #(#slots)*
        let mut object = #from.object(FIELDS);
        while let Some(field) = object.next_field() {
            match field {
                #(#arms)*
                _ => object.skip(),
            }
        }
        #there
    };
    Decode {
        statements,
        value: quote!(#constructor { #(#inits),* }),
    }
}

/// Makes sure that all went well and the required fields are there, with one
/// way out for all that did not: rustc checks that much faster than one a field.
fn there(parts: &[Part<'_>]) -> TokenStream {
    let required: Vec<(usize, &Part<'_>)> = parts
        .iter()
        .enumerate()
        .filter(|(_, part)| !part.is_optional())
        .collect();
    if required.is_empty() {
        return quote!(object.finish()?;);
    }
    let patterns = required.iter().map(|(_, part)| {
        let local = &part.local;
        match part.field.json_string {
            Some(_) => quote!(Some(anywire::Text(#local))),
            None => quote!(Some(#local)),
        }
    });
    let locals = required.iter().map(|(_, part)| &part.local);
    let indexes = required
        .iter()
        .map(|(index, _)| Literal::usize_unsuffixed(*index));
    quote! {
        let (true, #(#patterns),*) = (object.is_sound(), #(#locals),*) else {
            return Err(object.failure(&[#(#indexes),*]));
        };
    }
}

/// The value of a field out of the variable that holds it by now.
pub(super) fn taken(types: &Types<'_>, part: &Part<'_>, is_text: bool) -> TokenStream {
    let local = &part.local;
    let Some(default) = &part.field.default else {
        return if part.is_option() && is_text {
            quote!(#local.map(|text| text.0))
        } else {
            quote!(#local)
        };
    };
    let default = defaults::expression(types, &part.field.ty, &default.value);
    let value = default.value;
    match (is_text, default.is_empty, default.is_cheap) {
        (_, true, _) => quote!(#local.unwrap_or_default()),
        (true, _, _) => quote!(#local.map_or(#value, |text| text.0)),
        (false, _, true) => quote!(#local.unwrap_or(#value)),
        (false, _, false) => quote!(#local.unwrap_or_else(|| #value)),
    }
}

/// The 64-bit integer in a field that is `#[json(string)]`.
fn text_of(field: &Field) -> &crate::model::Type {
    match &field.ty.kind {
        TypeRef::Option(inner) => inner,
        _ => &field.ty,
    }
}
