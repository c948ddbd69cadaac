//! `#[error(not_found, "User {id} not found", code = "USER_NOT_FOUND", retryable)]`.

use proc_macro2::Span;

use super::value::{Number, Text, eat_number, text};
use super::{Attr, Form, not_yet, wrong_form};
use crate::diag::Diagnostics;
use crate::model::{ErrorKind, MessagePart, Spanned};
use crate::parse::cursor::Cursor;
use crate::rules;
use crate::similar::similar;

/// What `#[error(..)]` says of a variant.
#[derive(Debug)]
pub(crate) struct ErrorOptions {
    pub(crate) kind: Spanned<ErrorKind>,
    pub(crate) message: Spanned<Vec<MessagePart>>,
    /// The placeholders with their spans, in order.
    pub(crate) placeholders: Vec<Spanned<String>>,
    pub(crate) code: Option<Spanned<String>>,
    pub(crate) retryable: bool,
}

/// Kinds, and the HTTP statuses that stand for them.
const KINDS: &[(&str, ErrorKind, i128)] = &[
    ("invalid", ErrorKind::Invalid, 400),
    ("unauthenticated", ErrorKind::Unauthenticated, 401),
    ("forbidden", ErrorKind::Forbidden, 403),
    ("not_found", ErrorKind::NotFound, 404),
    ("conflict", ErrorKind::Conflict, 409),
    ("aborted", ErrorKind::Aborted, 409),
    ("failed_precondition", ErrorKind::FailedPrecondition, 412),
    ("exhausted", ErrorKind::Exhausted, 429),
    ("internal", ErrorKind::Internal, 500),
    ("unimplemented", ErrorKind::Unimplemented, 501),
    ("unavailable", ErrorKind::Unavailable, 503),
    ("deadline", ErrorKind::Deadline, 504),
];

const EXAMPLE: &str = "#[error(not_found, \"User {id} not found\")]";

pub(crate) fn read(cx: &mut Diagnostics, attr: &Attr) -> Option<ErrorOptions> {
    let Form::List(list) = &attr.form else {
        wrong_form(cx, attr.span, "error", EXAMPLE);
        return None;
    };
    let mut pieces = Cursor::inside(list).split_commas(cx).into_iter();
    let (Some(first), Some(second)) = (pieces.next(), pieces.next()) else {
        wrong_form(cx, attr.span, "error", EXAMPLE);
        return None;
    };
    let kind = kind(cx, first);
    let message = text(&second);
    if message.is_none() {
        cx.error(
            &rules::ATTRIBUTE_FORM,
            second.rest_span(),
            "the message of an error is a string",
        )
        .help(format!("write `{EXAMPLE}`"));
    }
    let mut code = None;
    let mut retryable = false;
    let mut seen: Vec<String> = Vec::new();
    for mut piece in pieces {
        let Some(key) = piece.eat_ident() else {
            piece.expected(cx, "`code = \"..\"` or `retryable`");
            continue;
        };
        let name = key.to_string();
        if seen.contains(&name) {
            cx.error(
                &rules::DUPLICATE_OPTION,
                key.span(),
                format!("`{name}` is written twice"),
            )
            .help("remove one of the two");
            continue;
        }
        seen.push(name.clone());
        match &*name {
            "retryable" if piece.is_empty() => retryable = true,
            "retryable" => option_form(cx, key.span(), "retryable"),
            "code" => {
                let value = if piece.eat_punct('=') {
                    text(&piece)
                } else {
                    None
                };
                match value.filter(|text| !text.value.is_empty()) {
                    Some(text) => {
                        code = Some(Spanned {
                            span: text.span(),
                            value: text.value,
                        })
                    }
                    None => option_form(cx, key.span(), "code = \"EMAIL_TAKEN\""),
                }
            }
            "grpc" => not_yet(cx, key.span(), "`grpc`"),
            _ => {
                let help = match similar(&name, ["code", "retryable"]) {
                    Some(known) => format!("a similar name exists: `{known}`"),
                    None => "the options are `code` and `retryable`".to_owned(),
                };
                cx.error(
                    &rules::UNKNOWN_OPTION,
                    key.span(),
                    format!("unknown option `{name}`"),
                )
                .help(help);
            }
        }
    }
    let message = message?;
    let (parts, placeholders) = split_message(cx, &message)?;
    Some(ErrorOptions {
        kind: kind?,
        message: Spanned {
            value: parts,
            span: message.span(),
        },
        placeholders,
        code,
        retryable,
    })
}

fn option_form(cx: &mut Diagnostics, span: Span, example: &str) {
    cx.error(
        &rules::ATTRIBUTE_FORM,
        span,
        "the option is not written like this",
    )
    .help(format!("write `{example}`"));
}

fn kind(cx: &mut Diagnostics, mut piece: Cursor) -> Option<Spanned<ErrorKind>> {
    let span = piece.rest_span();
    if let Some(Number::Int(status)) = eat_number(&mut piece)
        && piece.is_empty()
    {
        return by_status(cx, status, span);
    }
    let word = piece
        .eat_ident()
        .filter(|_| piece.is_empty())
        .map(|ident| ident.to_string());
    let Some(word) = word else {
        cx.error(
            &rules::UNKNOWN_ERROR_KIND,
            span,
            "an error starts with its kind",
        )
        .help(format!("write `{EXAMPLE}`"));
        return None;
    };
    match KINDS.iter().find(|(name, ..)| *name == word) {
        Some((_, value, _)) => Some(Spanned {
            value: *value,
            span,
        }),
        None => {
            let help = match similar(&word, KINDS.iter().map(|(name, ..)| *name)) {
                Some(known) => format!("a similar name exists: `{known}`"),
                None => {
                    let names: Vec<String> =
                        KINDS.iter().map(|(name, ..)| format!("`{name}`")).collect();
                    format!("the kinds are {}", names.join(", "))
                }
            };
            cx.error(
                &rules::UNKNOWN_ERROR_KIND,
                span,
                format!("unknown kind of error `{word}`"),
            )
            .help(help);
            None
        }
    }
}

fn by_status(cx: &mut Diagnostics, status: i128, span: Span) -> Option<Spanned<ErrorKind>> {
    let kinds: Vec<_> = KINDS
        .iter()
        .filter(|(_, _, known)| *known == status)
        .collect();
    match &*kinds {
        [(_, kind, _)] => Some(Spanned { value: *kind, span }),
        [] => {
            let statuses: Vec<String> = KINDS
                .iter()
                .filter(|(_, _, s)| *s != 409)
                .map(|(_, _, s)| s.to_string())
                .collect();
            cx.error(
                &rules::UNKNOWN_ERROR_KIND,
                span,
                format!("status {status} stands for no kind of error"),
            )
            .help(format!("the statuses are {}", statuses.join(", ")));
            None
        }
        several => {
            let names: Vec<String> = several
                .iter()
                .map(|(name, ..)| format!("`{name}`"))
                .collect();
            cx.error(
                &rules::AMBIGUOUS_STATUS,
                span,
                format!("status {status} is ambiguous for gRPC"),
            )
            .help(format!("write {}", names.join(" or ")));
            None
        }
    }
}

/// Cuts a message at its placeholders; `{{` and `}}` are literal braces.
fn split_message(
    cx: &mut Diagnostics,
    message: &Text,
) -> Option<(Vec<MessagePart>, Vec<Spanned<String>>)> {
    let text = &*message.value;
    let mut parts = Vec::new();
    let mut placeholders = Vec::new();
    let mut literal = String::new();
    let mut at = 0;
    while let Some(c) = text[at..].chars().next() {
        let rest = &text[at..];
        if rest.starts_with("{{") || rest.starts_with("}}") {
            literal.push(c);
            at += 2;
        } else if c == '{' {
            let end = rest.find('}').unwrap_or(rest.len());
            let name = &rest[1..end];
            let span = message.part(at..(at + end + 1).min(text.len()));
            let is_name = name.starts_with(|c: char| c.is_ascii_alphabetic() || c == '_')
                && name.chars().all(|c| c.is_ascii_alphanumeric() || c == '_');
            if end == rest.len() || !is_name {
                cx.error(
                    &rules::MESSAGE_PLACEHOLDER,
                    span,
                    "a placeholder is the name of a field in braces",
                )
                .help("write `{id}`, or `{{` for a brace");
                return None;
            }
            if !literal.is_empty() {
                parts.push(MessagePart::Text(std::mem::take(&mut literal)));
            }
            parts.push(MessagePart::Field(name.to_owned()));
            placeholders.push(Spanned {
                value: name.to_owned(),
                span,
            });
            at += end + 1;
        } else if c == '}' {
            cx.error(
                &rules::MESSAGE_PLACEHOLDER,
                message.part(at..at + 1),
                "this brace closes nothing",
            )
            .help("write `}}` for a brace");
            return None;
        } else {
            literal.push(c);
            at += c.len_utf8();
        }
    }
    if !literal.is_empty() {
        parts.push(MessagePart::Text(literal));
    }
    Some((parts, placeholders))
}
