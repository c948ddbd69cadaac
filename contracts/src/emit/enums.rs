//! Unit enums and data enums.

use proc_macro2::{Ident, Literal, TokenStream};
use quote::quote;

use super::structs::check;
use super::types::{derives, written};
use super::wire::{self, Decode, Part, Place};
use super::{Scope, checks, docs, names, proto};
use crate::model::{DataEnum, TypeDef, UnitEnum, Variant};

/// `pub enum Role { Admin, Member }`
pub(super) fn unit(scope: &Scope<'_>, def: &TypeDef, unit: &UnitEnum) -> TokenStream {
    let name = names::ident(&def.name);
    let attributes = attributes(scope, def, unit.open);
    let variants = unit.variants.iter().map(|variant| declare(scope, variant));
    let unknown = unit.open.then(unknown);

    let encode = unit.variants.iter().map(|variant| {
        let (variant, wire) = (names::ident(&variant.name), &variant.name.wire);
        quote!(Self::#variant => to.string(#wire),)
    });
    let encode_unknown = unit
        .open
        .then(|| quote!(Self::Unknown(unknown) => anywire::Wire::encode(unknown, to),));
    let wires = unit.variants.iter().map(|variant| &variant.name.wire);
    let decode = unit.variants.iter().enumerate().map(|(index, variant)| {
        let (index, variant) = (
            Literal::usize_unsuffixed(index),
            names::ident(&variant.name),
        );
        quote!(Some(#index) => Ok(Self::#variant),)
    });
    let decode_unknown = if unit.open {
        keep_unknown()
    } else {
        quote!(Err(anywire::Reader::unknown_variant(NAMES)))
    };

    let display = unit.variants.iter().map(|variant| {
        let (variant, wire) = (names::ident(&variant.name), &variant.name.wire);
        quote!(Self::#variant => f.write_str(#wire),)
    });
    let display_unknown = unit
        .open
        .then(|| quote!(Self::Unknown(unknown) => ::core::fmt::Display::fmt(unknown, f),));
    let proto = proto::unit(scope, &name, unit);
    quote! {
        #attributes
        pub enum #name { #(#variants,)* #unknown }

        #[automatically_derived]
        impl ::core::fmt::Display for #name {
            fn fmt(&self, f: &mut ::core::fmt::Formatter<'_>) -> ::core::fmt::Result {
                match self { #(#display)* #display_unknown }
            }
        }

        #[automatically_derived]
        impl anywire::Wire for #name {
            fn encode(&self, to: &mut anywire::Writer) {
                match self { #(#encode)* #encode_unknown }
            }

            fn decode(from: &mut anywire::Reader<'_>) -> Result<Self, anywire::DecodeError> {
                const NAMES: &[&str] = &[#(#wires),*];
                match from.variant(NAMES)? {
                    #(#decode)*
                    _ => #decode_unknown,
                }
            }
        }

        #proto
    }
}

/// `pub enum Payment { Card { .. }, Cash }`
pub(super) fn data(scope: &Scope<'_>, def: &TypeDef, data: &DataEnum) -> TokenStream {
    let name = names::ident(&def.name);
    let attributes = attributes(scope, def, data.open);
    let variants = data.variants.iter().map(|variant| declare(scope, variant));
    let unknown = data.open.then(unknown);
    let tag = &data.tag.value;

    let encode = data.variants.iter().map(|variant| {
        let parts = wire::parts(scope, &variant.fields);
        let (pattern, wire) = (pattern(variant, &parts), &variant.name.wire);
        let fields = wire::encode(&parts, Place::Bound);
        quote! {
            #pattern => {
                to.begin_object();
                to.tag(#tag, #wire);
                #fields
                to.end_object();
            }
        }
    });
    let encode_unknown = data
        .open
        .then(|| quote!(Self::Unknown(unknown) => anywire::Wire::encode(unknown, to),));
    let wires = data.variants.iter().map(|variant| &variant.name.wire);
    let decode = data.variants.iter().enumerate().map(|(index, variant)| {
        let index = Literal::usize_unsuffixed(index);
        let Decode { statements, value } =
            decode_variant(scope, variant, &names::generated("from"));
        quote!(Some(#index) => { #statements Ok(#value) })
    });
    let decode_unknown = if data.open {
        keep_unknown()
    } else {
        quote!(Err(anywire::Reader::unknown_tag(#tag, TAGS)))
    };
    let check = check(&check_variants(scope, data));
    let proto = proto::data(scope, &name, data);
    quote! {
        #attributes
        pub enum #name { #(#variants,)* #unknown }

        #[automatically_derived]
        impl anywire::Wire for #name {
            fn encode(&self, to: &mut anywire::Writer) {
                match self { #(#encode)* #encode_unknown }
            }

            fn decode(from: &mut anywire::Reader<'_>) -> Result<Self, anywire::DecodeError> {
                const TAGS: &[&str] = &[#(#wires),*];
                match from.tag(#tag, TAGS)? {
                    #(#decode)*
                    _ => #decode_unknown,
                }
            }

            #check
        }

        #proto
    }
}

fn check_variants(scope: &Scope<'_>, data: &DataEnum) -> TokenStream {
    let (mut checked, mut others) = (Vec::new(), Vec::new());
    for variant in &data.variants {
        let name = names::ident(&variant.name);
        let mut parts = wire::parts(scope, &variant.fields);
        parts
            .retain(|part| !part.field.checks.is_empty() || scope.types.of(&part.field.ty).checked);
        if parts.is_empty() {
            let fields = variant.braces.then(|| quote!({ .. }));
            others.push(quote!(Self::#name #fields));
            continue;
        }
        let bindings = parts.iter().map(Part::binding);
        let rest = (parts.len() < variant.fields.len()).then(|| quote!(, ..));
        let checks = checks::fields(&scope.types, &parts, Place::Bound);
        checked.push((quote!(Self::#name { #(#bindings),* #rest }), checks));
    }
    if data.open {
        others.push(quote!(Self::Unknown(_)));
    }
    match (&*checked, &*others) {
        ([], _) => TokenStream::new(),
        ([(pattern, checks)], [_, ..]) => quote!(if let #pattern = self { #checks }),
        _ => {
            let arms = checked
                .iter()
                .map(|(pattern, checks)| quote!(#pattern => { #checks }));
            let others = (!others.is_empty()).then(|| quote!(#(#others)|* => {}));
            quote!(match self { #(#arms)* #others })
        }
    }
}

fn attributes(scope: &Scope<'_>, def: &TypeDef, open: bool) -> TokenStream {
    let docs = docs::docs(scope.file, &def.docs, "", def.name.span);
    let deprecated = docs::deprecated(def.deprecated.as_ref());
    let derives = derives(scope.types.judge(def));
    let non_exhaustive = open.then(|| quote!(#[non_exhaustive]));
    quote!(#docs #deprecated #derives #non_exhaustive)
}

/// A variant where its enum is declared.
pub(super) fn declare(scope: &Scope<'_>, variant: &Variant) -> TokenStream {
    let name = names::ident(&variant.name);
    let docs = docs::member(scope.file, &variant.docs, variant.name.span);
    let deprecated = docs::deprecated(variant.deprecated.as_ref());
    let fields = variant.fields.iter().map(|field| {
        let (member, ty) = (names::ident(&field.name), written(&field.ty));
        let docs = docs::member(scope.file, &field.docs, field.name.span);
        let deprecated = docs::deprecated(field.deprecated.as_ref());
        quote!(#docs #deprecated #member: #ty)
    });
    let fields = variant.braces.then(|| quote!({ #(#fields),* }));
    quote!(#docs #deprecated #name #fields)
}

/// The variant with all its fields bound.
pub(super) fn pattern(variant: &Variant, parts: &[Part<'_>]) -> TokenStream {
    let name = names::ident(&variant.name);
    if variant.braces {
        let bindings = parts.iter().map(Part::binding);
        quote!(Self::#name { #(#bindings),* })
    } else {
        quote!(Self::#name)
    }
}

/// Reads the fields of a variant.
pub(super) fn decode_variant(scope: &Scope<'_>, variant: &Variant, from: &Ident) -> Decode {
    let name = names::ident(&variant.name);
    let parts = wire::parts(scope, &variant.fields);
    let decode = wire::decode(&scope.types, &parts, from, &quote!(Self::#name));
    if variant.braces {
        decode
    } else {
        Decode {
            value: quote!(Self::#name),
            ..decode
        }
    }
}

fn unknown() -> TokenStream {
    quote! {
        /// One that this version of the contract does not know; it is written back as it came.
        Unknown(anywire::Unrecognized),
    }
}

fn keep_unknown() -> TokenStream {
    quote!(Ok(Self::Unknown(anywire::Wire::decode(from)?)))
}
