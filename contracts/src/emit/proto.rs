//! How values become protobuf: implementations beside those for JSON, in files
//! with `encodings(json, proto)`.
//!
//! Names do not matter here but in errors, which call fields as JSON does.

use proc_macro2::{Ident, Literal, TokenStream};
use quote::quote;

use super::enums::pattern;
use super::operations::Op;
use super::types::{Types, written};
use super::wire::{self, Part, Place};
use super::{Scope, names};
use crate::model::{DataEnum, ErrorEnum, Field, Scalar, Type, TypeDef, TypeRef, UnitEnum, Variant};
use crate::proto::bodies::{self, Body};
use crate::proto::names as proto_names;

/// The names of generated code that stand beside a field's own.
const LOCALS: &[&str] = &["from", "to", "message", "field", "details", "code"];

/// A field and its number.
struct Numbered<'a> {
    part: Part<'a>,
    number: Literal,
    presence: Presence,
}

/// What it means that a field is not there.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Presence {
    /// The same as zero, or as an empty list.
    Zero,
    /// A mistake.
    Required,
    /// There is none, or its default.
    Optional,
}

impl Numbered<'_> {
    /// Whether it differs from what it is read as when it is not there, even if it is zero.
    fn has_default(&self) -> bool {
        self.presence == Presence::Optional && !self.part.is_option()
    }
}

fn numbered<'a>(scope: &Scope<'a>, fields: &'a [Field]) -> Vec<Numbered<'a>> {
    let members = bodies::members(fields);
    let parts = wire::parts_beside(scope, fields, LOCALS);
    let numbered = members.iter().zip(parts).map(|(member, part)| Numbered {
        number: Literal::u32_unsuffixed(member.number),
        presence: presence(&scope.types, &part),
        part,
    });
    numbered.collect()
}

fn presence(types: &Types<'_>, part: &Part<'_>) -> Presence {
    if part.is_option() {
        return Presence::Optional;
    }
    let has_default = part.field.default.is_some();
    match types.core(&part.field.ty) {
        // A list that is not there is empty, and no other default can be written.
        TypeRef::Vec(_) | TypeRef::Map { .. } => Presence::Zero,
        _ if has_default => Presence::Optional,
        TypeRef::Scalar(scalar) if has_zero(*scalar) => Presence::Zero,
        _ => Presence::Required,
    }
}

/// The others are messages, or text with a grammar.
fn has_zero(scalar: Scalar) -> bool {
    match scalar {
        Scalar::Bool
        | Scalar::I8
        | Scalar::I16
        | Scalar::I32
        | Scalar::I64
        | Scalar::U8
        | Scalar::U16
        | Scalar::U32
        | Scalar::U64
        | Scalar::F32
        | Scalar::F64
        | Scalar::String
        | Scalar::Bytes => true,
        Scalar::Uuid
        | Scalar::Decimal
        | Scalar::Date
        | Scalar::Timestamp
        | Scalar::Duration
        | Scalar::Json => false,
    }
}

fn has_proto(scope: &Scope<'_>) -> bool {
    scope.file.header.proto.is_some()
}

/// A struct, or what an operation is called with.
pub(super) fn object(scope: &Scope<'_>, name: &Ident, fields: &[Field]) -> TokenStream {
    if !has_proto(scope) {
        return TokenStream::new();
    }
    let fields = numbered(scope, fields);
    let encode = encode(&fields, Place::OfSelf);
    let to = receiver(&encode);
    let decode = decode(
        &scope.types,
        &fields,
        &names::generated("from"),
        &quote!(Self),
    );
    quote! {
        #[automatically_derived]
        impl anywire::Proto for #name {
            fn encode(&self, #to: &mut anywire::proto::Writer) { #encode }

            fn decode(
                from: &mut anywire::proto::Reader<'_>,
            ) -> Result<Self, anywire::DecodeError> {
                #decode
            }
        }
    }
}

/// `to`, or `_` where nothing is written.
fn receiver(encode: &TokenStream) -> TokenStream {
    if encode.is_empty() {
        quote!(_)
    } else {
        quote!(to)
    }
}

/// The calls that write the fields of a message.
fn encode(fields: &[Numbered<'_>], place: Place) -> TokenStream {
    let calls = fields.iter().map(|field| {
        let Part { member, local, .. } = &field.part;
        let number = &field.number;
        let method = if field.has_default() {
            quote!(present)
        } else {
            quote!(field)
        };
        match place {
            Place::OfSelf => quote!(to.#method(#number, &self.#member);),
            Place::Bound => quote!(to.#method(#number, #local);),
        }
    });
    quote!(#(#calls)*)
}

/// Reads a message out of the reader `from`, to the end of the function.
fn decode(
    types: &Types<'_>,
    fields: &[Numbered<'_>],
    from: &Ident,
    constructor: &TokenStream,
) -> TokenStream {
    let (statements, value) = read(types, fields, from, constructor);
    quote!(#statements Ok(#value))
}

/// Statements that read a message, and the expression of what was read.
fn read(
    types: &Types<'_>,
    fields: &[Numbered<'_>],
    from: &Ident,
    constructor: &TokenStream,
) -> (TokenStream, TokenStream) {
    if fields.is_empty() {
        return (
            quote!(#from.message(&[]).finish()?;),
            quote!(#constructor {}),
        );
    }
    let names = fields.iter().map(|Numbered { part, number, .. }| {
        let name = &part.field.name.wire;
        quote!((#number, #name))
    });
    let slots = fields.iter().map(|Numbered { part, presence, .. }| {
        let local = &part.local;
        match presence {
            Presence::Zero => quote!(let mut #local = anywire::proto::absent();),
            Presence::Required | Presence::Optional => quote!(let mut #local = None;),
        }
    });
    let arms = fields.iter().map(|Numbered { part, number, .. }| {
        let local = &part.local;
        quote!(#number => message.read(&mut #local),)
    });
    let there = there(fields);
    let inits = fields.iter().map(|Numbered { part, presence, .. }| {
        let value = match presence {
            Presence::Optional => wire::taken(types, part, false),
            Presence::Zero | Presence::Required => {
                let local = &part.local;
                quote!(#local)
            }
        };
        part.init(&value)
    });
    let statements = quote! {
        const FIELDS: &[(u32, &str)] = &[#(#names),*];
        #(#slots)*
        let mut message = #from.message(FIELDS);
        while let Some(field) = message.next_field() {
            match field {
                #(#arms)*
                _ => message.skip(),
            }
        }
        #there
    };
    (statements, quote!(#constructor { #(#inits),* }))
}

/// Makes sure that all went well, with one way out as for JSON.
fn there(fields: &[Numbered<'_>]) -> TokenStream {
    let locals: Vec<&Ident> = fields
        .iter()
        .filter(|field| field.presence != Presence::Optional)
        .map(|field| &field.part.local)
        .collect();
    if locals.is_empty() {
        return quote!(message.finish()?;);
    }
    let required = fields
        .iter()
        .filter(|field| field.presence == Presence::Required)
        .map(|field| &field.number);
    quote! {
        let (true, #(Some(#locals)),*) = (message.is_sound(), #(#locals),*) else {
            return Err(message.failure(&[#(#required),*]));
        };
    }
}

/// A newtype, which protobuf does not see.
pub(super) fn transparent(scope: &Scope<'_>, name: &Ident, ty: &Type) -> TokenStream {
    if !has_proto(scope) {
        return TokenStream::new();
    }
    let inner = written(ty);
    quote! {
        #[automatically_derived]
        impl anywire::proto::Transparent for #name {
            type Inner = #inner;

            fn inner(&self) -> &#inner {
                &self.0
            }

            fn into_inner(self) -> #inner {
                self.0
            }

            fn of(inner: #inner) -> Self {
                Self(inner)
            }
        }
    }
}

/// An enum of names: the numbers of its values.
pub(super) fn unit(scope: &Scope<'_>, name: &Ident, unit: &UnitEnum) -> TokenStream {
    if !has_proto(scope) {
        return TokenStream::new();
    }
    let values: Vec<(Literal, Ident)> = variants(unit.variants.iter())
        .map(|(number, variant)| (number, names::ident(&variant.name)))
        .collect();
    let encode = values
        .iter()
        .map(|(number, variant)| quote!(Self::#variant => to.value(#number),));
    let encode_unknown = unit
        .open
        .then(|| quote!(Self::Unknown(unknown) => to.kept_value(unknown),));
    let decode = values
        .iter()
        .map(|(number, variant)| quote!(#number => Ok(Self::#variant),));
    let decode_unknown = if unit.open {
        quote!(Ok(Self::Unknown(anywire::proto::Reader::keep_value(
            number
        ))))
    } else {
        quote!(Err(anywire::proto::Reader::unknown_value(number)))
    };
    quote! {
        #[automatically_derived]
        impl anywire::Proto for #name {
            const WIRE: anywire::proto::WireType = anywire::proto::WireType::Varint;

            fn encode(&self, to: &mut anywire::proto::Writer) {
                match self { #(#encode)* #encode_unknown }
            }

            fn decode(
                from: &mut anywire::proto::Reader<'_>,
            ) -> Result<Self, anywire::DecodeError> {
                match from.value()? {
                    #(#decode)*
                    number => #decode_unknown,
                }
            }
        }
    }
}

/// An enum with data: a message that holds the message of one variant.
pub(super) fn data(scope: &Scope<'_>, name: &Ident, data: &DataEnum) -> TokenStream {
    if !has_proto(scope) {
        return TokenStream::new();
    }
    let from = names::generated("from");
    let numbers = variants(data.variants.iter()).map(|(number, _)| number);
    let encode = variants(data.variants.iter()).map(|(number, variant)| {
        let (pattern, fields) = written_variant(scope, variant);
        if fields.is_empty() {
            quote!(#pattern => to.message(#number, |_| {}),)
        } else {
            quote!(#pattern => { to.message(#number, |to| { #fields }); })
        }
    });
    let encode_unknown = data
        .open
        .then(|| quote!(Self::Unknown(unknown) => to.kept_message(unknown),));
    let decode = variants(data.variants.iter()).map(|(number, variant)| {
        let (statements, value) = read_variant(scope, variant, &from);
        quote!(Some(#number) => { #statements Ok(#value) })
    });
    let decode_unknown = if data.open {
        quote!(Ok(Self::Unknown(from.keep_message())))
    } else {
        quote!(Err(from.unknown_variant()))
    };
    quote! {
        #[automatically_derived]
        impl anywire::Proto for #name {
            fn encode(&self, to: &mut anywire::proto::Writer) {
                match self { #(#encode)* #encode_unknown }
            }

            fn decode(
                from: &mut anywire::proto::Reader<'_>,
            ) -> Result<Self, anywire::DecodeError> {
                match from.variant(&[#(#numbers),*])? {
                    #(#decode)*
                    _ => #decode_unknown,
                }
            }
        }
    }
}

/// An error enum: each error is the message of its variant.
pub(super) fn error(
    scope: &Scope<'_>,
    def: &TypeDef,
    name: &Ident,
    error: &ErrorEnum,
) -> TokenStream {
    if !has_proto(scope) {
        return TokenStream::new();
    }
    let details = names::generated("details");
    let of = format!("{}.{}", scope.file.header.package.value, def.name.rust);
    let encode = error.variants.iter().map(|error| {
        let (pattern, fields) = written_variant(scope, &error.variant);
        let name = format!("{of}.{}", proto_names::variant(&error.variant.name.rust));
        let to = receiver(&fields);
        quote!(#pattern => anywire::proto::details(#name, |#to| { #fields }),)
    });
    let decode = error.variants.iter().map(|error| {
        let code = &error.code.value;
        let (statements, value) = read_variant(scope, &error.variant, &details);
        quote!(#code => { #statements #value })
    });
    quote! {
        #[automatically_derived]
        impl anywire::ProtoError for #name {
            fn encode(&self) -> anywire::ProtoDetails {
                match self { #(#encode)* }
            }

            fn decode(code: &str, details: &[u8]) -> Result<Option<Self>, anywire::DecodeError> {
                let mut details = anywire::proto::Reader::new(details);
                let error = match code {
                    #(#decode)*
                    _ => return Ok(None),
                };
                Ok(Some(error))
            }
        }
    }
}

/// Variants with their numbers, which all of a sound file have.
fn variants<'v>(
    variants: impl Iterator<Item = &'v Variant>,
) -> impl Iterator<Item = (Literal, &'v Variant)> {
    (1..).zip(variants).map(|(place, variant)| {
        let number = variant.number.as_ref().map_or(place, |number| number.value);
        (Literal::u32_unsuffixed(number), variant)
    })
}

/// The pattern of a variant, and the calls that write its fields.
fn written_variant(scope: &Scope<'_>, variant: &Variant) -> (TokenStream, TokenStream) {
    let fields = numbered(scope, &variant.fields);
    let calls = encode(&fields, Place::Bound);
    let parts: Vec<Part<'_>> = fields.into_iter().map(|field| field.part).collect();
    (pattern(variant, &parts), calls)
}

fn read_variant(scope: &Scope<'_>, variant: &Variant, from: &Ident) -> (TokenStream, TokenStream) {
    let name = names::ident(&variant.name);
    let fields = numbered(scope, &variant.fields);
    let (statements, value) = read(&scope.types, &fields, from, &quote!(Self::#name));
    if variant.braces {
        (statements, value)
    } else {
        (statements, quote!(Self::#name))
    }
}

/// How an operation's values become messages: the constant of its `Operation`.
pub(super) fn codec(scope: &Scope<'_>, op: &Op<'_>) -> Option<TokenStream> {
    has_proto(scope).then(|| {
        let contract = scope.types.contract();
        let request = body(
            &bodies::request(contract, op.operation),
            op.bare().is_some(),
        );
        let response = body(&bodies::response(contract, op.operation), true);
        quote! {
            const PROTO: Option<
                &'static anywire::ProtoCodec<Self::Request, Self::Response, Self::Error>,
            > = Some(&anywire::ProtoCodec::of::<#request, #response>());
        }
    })
}

/// What says that it has one.
pub(super) fn marked(scope: &Scope<'_>, op: &Op<'_>) -> Option<TokenStream> {
    let marker = &op.marker;
    has_proto(scope).then(|| {
        quote! {
            #[automatically_derived]
            impl anywire::HasProto for #marker {}
        }
    })
}

fn body(body: &Body<'_>, is_bare: bool) -> TokenStream {
    match body {
        Body::Made { members, .. } if is_bare => {
            let number = members.first().map_or(1, |member| member.number);
            let number = Literal::u32_unsuffixed(number);
            quote!(anywire::proto::Wrapped<#number>)
        }
        _ => quote!(anywire::proto::Whole),
    }
}
