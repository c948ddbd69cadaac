//! Structs and newtypes.

use proc_macro2::{Ident, TokenStream};
use quote::quote;

use super::checks::Steps;
use super::names::Names;
use super::types::{Facts, derives, written};
use super::wire::{self, Decode, Part, Place};
use super::{Scope, checks, defaults, docs, names, proto};
use crate::model::{Field, Newtype, Scalar, Type, TypeDef};

/// `pub struct User { .. }`
pub(super) fn structure(scope: &Scope<'_>, def: &TypeDef, fields: &[Field]) -> TokenStream {
    let name = names::ident(&def.name);
    let docs = docs::docs(scope.file, &def.docs, "", def.name.span);
    let deprecated = docs::deprecated(def.deprecated.as_ref());
    object(scope, &name, &quote!(#docs #deprecated), fields)
}

/// A struct with its constructor and its wire form: a declared one, or what an
/// operation is called with.
pub(super) fn object(
    scope: &Scope<'_>,
    name: &Ident,
    attributes: &TokenStream,
    fields: &[Field],
) -> TokenStream {
    let parts = wire::parts(scope, fields);
    let derives = derives(scope.types.of_object(fields));
    let members = parts.iter().map(|part| {
        let Part { field, member, .. } = part;
        let docs = docs::member(scope.file, &field.docs, field.name.span);
        let deprecated = docs::deprecated(field.deprecated.as_ref());
        let ty = written(&field.ty);
        quote!(#docs #deprecated pub #member: #ty)
    });
    let new = new(scope, &parts);
    let encode = wire::encode(&parts, Place::OfSelf);
    let Decode { statements, value } = wire::decode(
        &scope.types,
        &parts,
        &names::generated("from"),
        &quote!(Self),
    );
    let check = check(&checks::fields(&scope.types, &parts, Place::OfSelf));
    let proto = proto::object(scope, name, fields);
    quote! {
        #attributes
        #derives
        pub struct #name { #(#members),* }

        impl #name { #new }

        #[automatically_derived]
        impl anywire::Wire for #name {
            fn encode(&self, to: &mut anywire::Writer) {
                to.begin_object();
                #encode
                to.end_object();
            }

            fn decode(from: &mut anywire::Reader<'_>) -> Result<Self, anywire::DecodeError> {
                #statements
                Ok(#value)
            }

            #check
        }

        #proto
    }
}

/// The constructor, which an added optional field does not break.
fn new(scope: &Scope<'_>, parts: &[Part<'_>]) -> TokenStream {
    let mut names = Names::variables(scope.file);
    let (mut parameters, mut inits) = (Vec::new(), Vec::new());
    for part in parts {
        let field = part.field;
        let value = if let Some(default) = &field.default {
            defaults::expression(&scope.types, &field.ty, &default.value).value
        } else if part.is_option() {
            quote!(None)
        } else {
            let name = names.take(&field.name.rust);
            let (ty, value) = scope.types.parameter(&field.ty, &name);
            parameters.push(quote!(#name: #ty));
            value
        };
        inits.push(part.init(&value));
    }
    let has_optional = parts.iter().any(Part::is_optional);
    let docs = docs::line(match (parameters.is_empty(), has_optional) {
        (false, false) => "A value of its fields.",
        (false, true) => {
            "A value of its required fields; the others are empty or have their defaults."
        }
        (true, true) => "A value whose fields are empty or have their defaults.",
        (true, false) => "The only value.",
    });
    quote! {
        #docs
        #[must_use]
        pub fn new(#(#parameters),*) -> Self {
            Self { #(#inits),* }
        }
    }
}

/// The `check` of a `Wire`, if there is anything to be checked.
pub(super) fn check(statements: &TokenStream) -> TokenStream {
    if statements.is_empty() {
        return TokenStream::new();
    }
    quote! {
        fn check(&self, violations: &mut anywire::Violations) {
            #statements
        }
    }
}

/// `pub struct UserId(pub Uuid);`
pub(super) fn newtype(scope: &Scope<'_>, def: &TypeDef, newtype: &Newtype) -> TokenStream {
    let name = names::ident(&def.name);
    let docs = docs::docs(scope.file, &def.docs, "", def.name.span);
    let deprecated = docs::deprecated(def.deprecated.as_ref());
    let transparent = transparent(scope, &name, newtype, false);
    let derives = derives(scope.types.of(&newtype.ty));
    let inner = written(&newtype.ty);
    let from_str = (scope.types.scalar(&newtype.ty) == Some(Scalar::String)).then(|| {
        quote! {
            #[automatically_derived]
            impl ::core::convert::From<&str> for #name {
                fn from(value: &str) -> Self {
                    Self(value.into())
                }
            }
        }
    });
    let key = scope.types.is_key(&newtype.ty).then(|| {
        quote! {
            #[automatically_derived]
            impl anywire::MapKey for #name {
                fn write_key(&self, to: &mut String) {
                    anywire::MapKey::write_key(&self.0, to);
                }

                fn read_key(text: &str) -> Option<Self> {
                    anywire::MapKey::read_key(text).map(Self)
                }
            }
        }
    });
    let display = scope.types.has_text(&newtype.ty).then(|| {
        quote! {
            #[automatically_derived]
            impl ::core::fmt::Display for #name {
                fn fmt(&self, f: &mut ::core::fmt::Formatter<'_>) -> ::core::fmt::Result {
                    ::core::fmt::Display::fmt(&self.0, f)
                }
            }
        }
    });
    quote! {
        #docs
        #deprecated
        #derives
        pub struct #name(pub #inner);

        #[automatically_derived]
        impl ::core::convert::From<#inner> for #name {
            fn from(value: #inner) -> Self {
                Self(value)
            }
        }

        #from_str
        #display
        #transparent
        #key
    }
}

/// What can be derived on an event that holds a bare payload: as on a struct,
/// since it may become one.
pub(super) fn event_derives(scope: &Scope<'_>, payload: &Type) -> TokenStream {
    derives(Facts {
        copy: false,
        order: false,
        ..scope.types.of(payload)
    })
}

/// The wire form of a newtype: that of what it wraps, or its text.
pub(super) fn transparent(
    scope: &Scope<'_>,
    name: &Ident,
    newtype: &Newtype,
    is_text: bool,
) -> TokenStream {
    let (value, pattern) = (
        checks::Value::Place(quote!(self.0)),
        names::generated("PATTERN"),
    );
    let Steps { items, statements } =
        checks::of_value(&scope.types, &newtype.ty, &newtype.checks, value, &pattern);
    let check = check(&quote!(#items #statements));
    let proto = proto::transparent(scope, name, &newtype.ty);
    let (encode, decode) = if is_text {
        let inner = written(&newtype.ty);
        (
            quote!(&anywire::Text(self.0)),
            quote!(|text: anywire::Text<#inner>| Self(text.0)),
        )
    } else {
        (quote!(&self.0), quote!(Self))
    };
    quote! {
        #[automatically_derived]
        impl anywire::Wire for #name {
            fn encode(&self, to: &mut anywire::Writer) {
                anywire::Wire::encode(#encode, to);
            }

            fn decode(from: &mut anywire::Reader<'_>) -> Result<Self, anywire::DecodeError> {
                anywire::Wire::decode(from).map(#decode)
            }

            #check
        }

        #proto
    }
}
