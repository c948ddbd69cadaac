//! Services and their operations.

use proc_macro2::{Delimiter, TokenTree};

use super::cursor::Cursor;
use super::item::{
    Rename, Visibility, expect_name, expect_no_visibility, expect_public, no_generics, visibility,
};
use super::sent::Sent;
use super::shape::{Owner, fields};
use super::{name, sent};
use crate::attr::operation::{self, Options};
use crate::attr::{self, Attr, On};
use crate::diag::Diagnostics;
use crate::model::{Operation, OperationKind, Pattern, Service, Spanned, Type, TypeRef};
use crate::rules;

/// Reads behind `trait`.
pub(super) fn read(
    cx: &mut Diagnostics,
    mut item: Cursor,
    raw: Vec<Attr>,
    vis: Visibility,
    rename: Rename,
) -> Option<Service> {
    let attrs = attr::read(cx, raw, On::Service);
    let ident = expect_name(cx, &mut item, "the name of the service")?;
    let name = name::declared(cx, &ident);
    expect_public(cx, vis, &format!("`{}`", name.rust), ident.span());
    if attrs.service.is_none() {
        cx.error(
            &rules::MISSING_SERVICE,
            ident.span(),
            format!("trait `{}` is not a service", name.rust),
        )
        .help("write `#[service]` before it");
    }
    no_generics(cx, &item, &name)?;
    let Some(body) = item.eat_group(Delimiter::Brace) else {
        item.expected(cx, "`{`");
        return None;
    };
    let mut tokens = Cursor::inside(&body);
    let mut operations = Vec::new();
    while !tokens.is_empty() {
        let before = tokens.clone();
        match operation(cx, &mut tokens, rename) {
            Some(operation) => operations.push(operation),
            None => skip_operation(&mut tokens, &before),
        }
    }
    Some(Service {
        name,
        docs: attrs.docs,
        deprecated: attrs.deprecated,
        version: attrs.service.and_then(|attr| operation::version(cx, &attr)),
        operations,
    })
}

/// Goes on behind an operation that could not be read, at least one token on.
fn skip_operation(tokens: &mut Cursor, before: &Cursor) {
    let moved = tokens.peek().is_none() || tokens.rest_len() < before.rest_len();
    if !moved {
        tokens.bump();
    }
    while !tokens.is_empty() && !tokens.peek_punct('#') && !tokens.peek_word("fn") {
        let ends = tokens.peek_punct(';') || tokens.peek_group(Delimiter::Brace);
        tokens.bump();
        if ends {
            return;
        }
    }
}

fn operation(cx: &mut Diagnostics, tokens: &mut Cursor, rename: Rename) -> Option<Operation> {
    let raw = attr::raw(cx, tokens);
    let vis = visibility(tokens);
    expect_no_visibility(cx, vis, "operations");
    while let Some(TokenTree::Ident(word)) = tokens.peek() {
        let word = word.to_string();
        match &*word {
            "async" | "const" | "unsafe" | "extern" if !is_const_item(tokens) => {
                cx.error(
                    &rules::ASYNC_OPERATION,
                    tokens.span(),
                    format!("an operation is written without `{word}`"),
                )
                .help(format!(
                    "remove `{word}`; generated code adds what it needs"
                ));
                tokens.bump();
                // The ABI of `extern "C"`.
                tokens.eat_literal();
            }
            "fn" => break,
            _ => {
                cx.error(
                    &rules::NOT_IN_CONTRACT,
                    tokens.span(),
                    format!("`{word}` is not part of a service"),
                )
                .note(
                    "a service holds operations: `#[message(..)] fn get_user(id: UserId) -> User;`",
                )
                .help("remove it, or put it into ordinary Rust code");
                return None;
            }
        }
    }
    if !tokens.eat_word("fn") {
        tokens.expected(cx, "`fn`");
        return None;
    }
    let mut attrs = attr::read(cx, raw, On::Operation);
    let ident = expect_name(cx, tokens, "the name of the operation")?;
    // `rename_all` is for what payloads hold; operations keep their names.
    let name = name::member(cx, &ident, attrs.name.take(), None);
    no_generics(cx, tokens, &name)?;
    let Some(group) = tokens.eat_group(Delimiter::Parenthesis) else {
        tokens.expected(cx, "`(`");
        return None;
    };
    let args = fields(cx, &group, rename, Owner::Operation);
    let options = options(
        cx,
        &name.rust,
        ident.span(),
        attrs.message.take(),
        attrs.event.take(),
    );
    let returned = tokens.eat_puncts("->").then(|| sent::returned(cx, tokens));
    if let Some(returned) = &returned {
        check_no_return(cx, options.kind, &name.rust, returned.span);
    }
    end(cx, tokens, &name.rust);
    let (returns, error) = match returned {
        Some(returned) if options.kind == OperationKind::Message => (returned.sent, returned.error),
        _ => {
            let ty = Type {
                kind: TypeRef::Unit,
                span: ident.span(),
            };
            (Sent { ty, stream: None }, None)
        }
    };
    Some(Operation {
        name,
        docs: attrs.docs,
        deprecated: attrs.deprecated,
        kind: options.kind,
        // An empty text is no pattern that anybody can write: it is reported already.
        pattern: options.pattern.unwrap_or(Spanned {
            value: Pattern::Text(String::new()),
            span: ident.span(),
        }),
        wildcards: options.wildcards,
        args,
        returns: returns.ty,
        streams_reply: returns.stream,
        error,
        timeout_ms: options.timeout_ms,
        idempotent: options.idempotent,
        delivery: options.delivery,
        key: options.key,
        topic: options.topic,
        grpc: options.grpc,
    })
}

/// `const LIMIT: u32 = 1;` in a trait, as against `const fn`.
fn is_const_item(tokens: &Cursor) -> bool {
    tokens.peek_word("const")
        && !matches!(tokens.peek_at(1), Some(TokenTree::Ident(word)) if ["fn", "async", "unsafe", "extern"].iter().any(|w| word == w))
}

fn options(
    cx: &mut Diagnostics,
    operation: &str,
    span: proc_macro2::Span,
    message: Option<Attr>,
    event: Option<Attr>,
) -> Options {
    if let (Some(message), Some(event)) = (&message, &event) {
        cx.error(
            &rules::DUPLICATE_ATTRIBUTE,
            event.span,
            format!("`{operation}` is both a message and an event"),
        )
        .also(message.span, "the message")
        .help("a service receives messages and publishes events: keep one of the two");
    }
    if let Some(attr) = message.or(event) {
        return operation::read(cx, &attr, operation);
    }
    cx.error(&rules::MISSING_PATTERN, span, format!("operation `{operation}` has no pattern"))
        .help(format!("write `#[message(\"{operation}\")]`, or `#[event(\"{operation}\")]` if the service publishes it"));
    Options::new(OperationKind::Message)
}

fn check_no_return(cx: &mut Diagnostics, kind: OperationKind, name: &str, span: proc_macro2::Span) {
    match kind {
        OperationKind::Message => {}
        OperationKind::Oneway => {
            cx.error(
                &rules::ONEWAY_RETURN,
                span,
                format!("oneway message `{name}` cannot return a value"),
            )
            .help("remove the return, or `oneway`: then the caller waits for the reply");
        }
        OperationKind::Event => {
            cx.error(
                &rules::EVENT_RETURN,
                span,
                format!("event `{name}` cannot return a value"),
            )
            .note("events have no reply")
            .help("remove the return, or make it a `#[message(..)]`");
        }
    }
}

/// The semicolon. What it says is complete, so the operation stays even without.
fn end(cx: &mut Diagnostics, tokens: &mut Cursor, name: &str) {
    if tokens.eat_punct(';') {
        return;
    }
    let span = tokens.span();
    if tokens.eat_group(Delimiter::Brace).is_some() {
        cx.error(
            &rules::OPERATION_BODY,
            span,
            format!("operation `{name}` has a body"),
        )
        .help("write `;` instead; the service is implemented in ordinary Rust code");
        return;
    }
    tokens.expected(cx, "`;`");
    while !tokens.is_empty() && !tokens.peek_punct('#') && !tokens.peek_word("fn") {
        if tokens.eat_punct(';') {
            return;
        }
        tokens.bump();
    }
}
