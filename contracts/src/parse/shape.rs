//! Structs and enums.

use proc_macro2::{Delimiter, Group, TokenTree};

use super::cursor::Cursor;
use super::item::{
    Rename, Visibility, expect_name, expect_no_visibility, expect_public, no_generics, visibility,
};
use super::sent::{self, Sent};
use super::{name, ty};
use crate::attr::value::{Number, eat_number, in_range, reported};
use crate::attr::{self, Attr, Attrs, On, error};
use crate::case;
use crate::diag::Diagnostics;
use crate::model::{
    DataEnum, ErrorEnum, ErrorKind, ErrorVariant, Field, Name, Newtype, RenameRule, Spanned,
    TypeDef, TypeKind, UnitEnum, Variant,
};
use crate::rules;

/// Reads behind `struct`.
pub(super) fn structure(
    cx: &mut Diagnostics,
    mut item: Cursor,
    raw: Vec<Attr>,
    vis: Visibility,
    rename: Rename,
) -> Option<TypeDef> {
    let ident = expect_name(cx, &mut item, "the name of the struct")?;
    let name = name::declared(cx, &ident);
    expect_public(cx, vis, &format!("`{}`", name.rust), ident.span());
    no_generics(cx, &item, &name)?;
    if let Some(body) = item.eat_group(Delimiter::Brace) {
        let attrs = attr::read(cx, raw, On::Struct);
        let fields = fields(cx, &body, rename, Owner::Struct);
        item.expect_end(cx, "the end of the struct")?;
        return Some(define(name, attrs, TypeKind::Struct(fields)));
    }
    if let Some(body) = item.eat_group(Delimiter::Parenthesis) {
        let mut attrs = attr::read(cx, raw, On::Newtype);
        let ty = wrapped(cx, &body, &name)?;
        item.expect_punct(cx, ';')?;
        let checks = std::mem::take(&mut attrs.checks);
        return Some(define(
            name,
            attrs,
            TypeKind::Newtype(Newtype { ty, checks }),
        ));
    }
    if item.peek_punct(';') {
        cx.error(
            &rules::UNIT_STRUCT,
            ident.span(),
            format!("`{}` is written without braces", name.rust),
        )
        .note("on the wire a struct is an object, and may gain fields")
        .help(format!("write `pub struct {} {{}}`", name.rust));
        return None;
    }
    item.expected(cx, "`{` or `(`");
    None
}

fn define(name: Name, attrs: Attrs, kind: TypeKind) -> TypeDef {
    TypeDef {
        name,
        docs: attrs.docs,
        deprecated: attrs.deprecated,
        reserved: attrs.reserved,
        kind,
    }
}

/// The one type inside a newtype.
fn wrapped(cx: &mut Diagnostics, body: &Group, name: &Name) -> Option<crate::model::Type> {
    let mut inside = Cursor::inside(body);
    let raw = attr::raw(cx, &mut inside);
    if let Some(attr) = raw.first() {
        cx.error(
            &rules::MISPLACED_ATTRIBUTE,
            attr.span,
            format!("`#[{}]` stands inside a newtype", attr.name),
        )
        .help("write it before `pub struct`");
    }
    let vis = visibility(&mut inside);
    if let Visibility::Limited(_) = vis {
        expect_public(cx, vis, &format!("`{}`", name.rust), body.span());
    }
    if inside.is_empty() {
        return tuple_struct(cx, body, name);
    }
    let ty = ty::read(cx, &mut inside);
    inside.eat_punct(',');
    if inside.is_empty() {
        Some(ty)
    } else {
        tuple_struct(cx, body, name)
    }
}

fn tuple_struct<T>(cx: &mut Diagnostics, body: &Group, name: &Name) -> Option<T> {
    cx.error(
        &rules::TUPLE_STRUCT,
        body.span(),
        format!("`{}` does not hold exactly one type", name.rust),
    )
    .note("a newtype is transparent on the wire; unnamed fields could not grow")
    .help(format!(
        "name the fields: `pub struct {} {{ pub .. }}`",
        name.rust
    ));
    None
}

/// Whose fields they are: of structs they are `pub`, elsewhere not.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Owner {
    Struct,
    Variant,
    Operation,
}

/// Reads fields or arguments, each alone.
pub(super) fn fields(
    cx: &mut Diagnostics,
    body: &Group,
    rename: Rename,
    owner: Owner,
) -> Vec<Field> {
    let mut tokens = Cursor::inside(body);
    let mut fields = Vec::new();
    while !tokens.is_empty() {
        match field(cx, &mut tokens, rename, owner) {
            Some(field) => fields.push(field),
            None => skip_field(&mut tokens),
        }
    }
    fields
}

fn field(cx: &mut Diagnostics, tokens: &mut Cursor, rename: Rename, owner: Owner) -> Option<Field> {
    let raw = attr::raw(cx, tokens);
    let vis = visibility(tokens);
    let (on, what) = match owner {
        Owner::Operation => (On::Argument, "the name of an argument"),
        _ => (On::Field, "the name of a field"),
    };
    if owner == Owner::Operation && is_self(tokens) {
        cx.error(
            &rules::SELF_ARGUMENT,
            tokens.span(),
            "an operation takes no `self`",
        )
        .note("a contract says what is sent; generated traits add `&self`")
        .help("remove `self`");
        while !tokens.is_empty() && !tokens.eat_punct(',') {
            tokens.bump();
        }
        return if tokens.is_empty() {
            None
        } else {
            field(cx, tokens, rename, owner)
        };
    }
    let ident = expect_name(cx, tokens, what)?;
    let attrs = attr::read(cx, raw, on);
    match owner {
        Owner::Struct => expect_public(cx, vis, &format!("field `{ident}`"), ident.span()),
        Owner::Variant => expect_no_visibility(cx, vis, "fields of variants"),
        Owner::Operation => expect_no_visibility(cx, vis, "arguments"),
    }
    let name = name::member(cx, &ident, attrs.name, rename);
    tokens.expect_punct(cx, ':')?;
    let Sent { ty, stream } = match owner {
        Owner::Operation => sent::argument(cx, tokens),
        Owner::Struct | Owner::Variant => Sent {
            ty: ty::read(cx, tokens),
            stream: None,
        },
    };
    if tokens.peek_punct('=') {
        cx.error(
            &rules::SYNTAX,
            tokens.span(),
            "a default is written as an attribute",
        )
        .help("write `#[default(..)]` before the field");
        skip_field(tokens);
    } else if !tokens.is_empty() && !tokens.eat_punct(',') {
        tokens.expected(cx, "`,`");
        if !at_field(tokens) {
            skip_field(tokens);
        }
    }
    Some(Field {
        name,
        docs: attrs.docs,
        deprecated: attrs.deprecated,
        ty,
        number: attrs.number,
        default: attrs.default,
        checks: attrs.checks,
        json_string: attrs.json_string,
        payload: attrs.payload,
        stream,
    })
}

/// `self`, `&self`, `&mut self`, `mut self`.
fn is_self(tokens: &Cursor) -> bool {
    let mut ahead = tokens.clone();
    ahead.eat_punct('&');
    ahead.eat_word("mut");
    ahead.peek_word("self")
}

/// Whether a field may start here.
fn at_field(tokens: &Cursor) -> bool {
    let named = matches!(
        (tokens.peek(), tokens.peek_at(1)),
        (Some(TokenTree::Ident(_)), Some(TokenTree::Punct(colon))) if colon.as_char() == ':'
    );
    named || tokens.peek_punct('#') || tokens.peek_word("pub")
}

/// Goes on behind a field that could not be read.
fn skip_field(tokens: &mut Cursor) {
    while !tokens.is_empty() {
        let comma = tokens.eat_punct(',');
        if comma && at_field(tokens) {
            return;
        }
        if !comma {
            tokens.bump();
        }
    }
}

/// A variant before it is known what enum it is in.
struct RawVariant {
    variant: Variant,
    error: Option<Attr>,
}

/// Reads behind `enum`.
pub(super) fn enumeration(
    cx: &mut Diagnostics,
    mut item: Cursor,
    raw: Vec<Attr>,
    vis: Visibility,
    rename: Rename,
) -> Option<TypeDef> {
    let mut attrs = attr::read(cx, raw, On::Enum);
    let ident = expect_name(cx, &mut item, "the name of the enum")?;
    let name = name::declared(cx, &ident);
    expect_public(cx, vis, &format!("`{}`", name.rust), ident.span());
    no_generics(cx, &item, &name)?;
    let Some(body) = item.eat_group(Delimiter::Brace) else {
        item.expected(cx, "`{`");
        return None;
    };
    let before = cx.count();
    let variants = variants(cx, &body, rename);
    if variants.is_empty() {
        if cx.count() == before {
            cx.error(
                &rules::EMPTY_ENUM,
                ident.span(),
                format!("enum `{}` has no variant", name.rust),
            )
            .help("nothing could be sent; add a variant or remove the enum");
        }
        return None;
    }
    let tag = attrs.tag.take();
    let open = attrs.non_exhaustive.take();
    let kind = if variants.iter().any(|variant| variant.error.is_some()) {
        if let Some(span) = open {
            cx.error(
                &rules::MISPLACED_ATTRIBUTE,
                span,
                "`#[non_exhaustive]` stands on an error enum",
            )
            .help("remove it; error enums are always open");
        }
        if let Some(tag) = tag {
            cx.error(
                &rules::MISPLACED_ATTRIBUTE,
                tag.span,
                "`#[tag]` stands on an error enum",
            )
            .help("remove it; errors are told apart by their codes");
        }
        TypeKind::ErrorEnum(error_enum(cx, variants, &name))
    } else {
        let variants: Vec<Variant> = variants.into_iter().map(|raw| raw.variant).collect();
        let open = open.is_some();
        if tag.is_some() || variants.iter().any(|variant| variant.braces) {
            let tag = tag.unwrap_or(Spanned {
                value: "type".to_owned(),
                span: name.span,
            });
            TypeKind::DataEnum(DataEnum {
                open,
                tag,
                variants,
            })
        } else {
            TypeKind::UnitEnum(UnitEnum { open, variants })
        }
    };
    Some(define(name, attrs, kind))
}

fn variants(cx: &mut Diagnostics, body: &Group, rename: Rename) -> Vec<RawVariant> {
    let mut tokens = Cursor::inside(body);
    let mut variants = Vec::new();
    while !tokens.is_empty() {
        match variant(cx, &mut tokens, rename) {
            Some(variant) => variants.push(variant),
            None => {
                while !tokens.is_empty() && !tokens.eat_punct(',') {
                    tokens.bump();
                }
            }
        }
    }
    variants
}

fn variant(cx: &mut Diagnostics, tokens: &mut Cursor, rename: Rename) -> Option<RawVariant> {
    let raw = attr::raw(cx, tokens);
    let vis = visibility(tokens);
    expect_no_visibility(cx, vis, "variants");
    let ident = expect_name(cx, tokens, "the name of a variant")?;
    let attrs = attr::read(cx, raw, On::Variant);
    let name = name::member(cx, &ident, attrs.name, rename);
    let mut fields_of = Vec::new();
    let mut braces = false;
    if let Some(body) = tokens.eat_group(Delimiter::Brace) {
        braces = true;
        fields_of = fields(cx, &body, rename, Owner::Variant);
    } else if let Some(body) = tokens.eat_group(Delimiter::Parenthesis) {
        cx.error(
            &rules::TUPLE_VARIANT,
            body.span(),
            format!("variant `{}` holds unnamed fields", name.rust),
        )
        .note("unnamed fields could not grow")
        .help(format!("name them: `{} {{ .. }}`", name.rust));
    }
    let mut number = None;
    if tokens.eat_punct('=') {
        let span = tokens.span();
        match eat_number(tokens) {
            Some(Number::Int(value)) => {
                number = Some(in_range(cx, value, span).unwrap_or_else(|| reported(span)));
            }
            _ => {
                tokens.expected(cx, "a number");
                return None;
            }
        }
    }
    if !tokens.is_empty() && !tokens.eat_punct(',') {
        tokens.expected(cx, "`,`");
        if !matches!(tokens.peek(), Some(TokenTree::Ident(_))) && !tokens.peek_punct('#') {
            return None;
        }
    }
    let variant = Variant {
        name,
        docs: attrs.docs,
        deprecated: attrs.deprecated,
        number,
        fields: fields_of,
        braces,
    };
    Some(RawVariant {
        variant,
        error: attrs.error,
    })
}

fn error_enum(cx: &mut Diagnostics, variants: Vec<RawVariant>, name: &Name) -> ErrorEnum {
    let mut errors = Vec::new();
    for RawVariant { variant, error } in variants {
        let options = match error {
            Some(attr) => error::read(cx, &attr),
            None => {
                let label = format!("{}::{}", name.rust, variant.name.rust);
                cx.error(
                    &rules::MISSING_ERROR,
                    variant.name.span,
                    format!("`{label}` has no `#[error(..)]`, but other variants do"),
                )
                .help("write `#[error(not_found, \"..\")]`, with the kind that fits");
                None
            }
        };
        let span = variant.name.span;
        let code = case::rename(&variant.name.rust, RenameRule::ScreamingSnake);
        let own = |value| Spanned { value, span };
        errors.push(match options {
            Some(options) => ErrorVariant {
                variant,
                kind: options.kind,
                message: options.message,
                placeholders: options.placeholders,
                code: options.code.unwrap_or_else(|| own(code)),
                retryable: options.retryable,
            },
            // Reported already; kept for its name and its fields.
            None => ErrorVariant {
                variant,
                kind: Spanned {
                    value: ErrorKind::Internal,
                    span,
                },
                message: Spanned {
                    value: Vec::new(),
                    span,
                },
                placeholders: Vec::new(),
                code: own(code),
                retryable: false,
            },
        });
    }
    ErrorEnum { variants: errors }
}
