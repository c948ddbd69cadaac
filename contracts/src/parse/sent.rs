//! What operations take and return: a type, a stream of it, and an error enum beside.

use proc_macro2::{Span, TokenTree};

use super::cursor::{Cursor, join};
use super::ty;
use crate::diag::Diagnostics;
use crate::model::{Type, TypeRef};
use crate::rules;

/// A type, or the type of the items of a stream.
pub(super) struct Sent {
    pub(super) ty: Type,
    /// The word `Stream`.
    pub(super) stream: Option<Span>,
}

/// A return: what is sent and the error enum beside it.
pub(super) struct Returned {
    pub(super) sent: Sent,
    pub(super) error: Option<Type>,
    pub(super) span: Span,
}

/// Reads the type of an argument.
pub(super) fn argument(cx: &mut Diagnostics, tokens: &mut Cursor) -> Sent {
    if is_applied(tokens, "Stream") {
        return stream(cx, tokens, 0);
    }
    Sent {
        ty: ty::read(cx, tokens),
        stream: None,
    }
}

/// Reads what stands behind `->`.
pub(super) fn returned(cx: &mut Diagnostics, tokens: &mut Cursor) -> Returned {
    let start = tokens.span();
    if !is_applied(tokens, "Result") {
        let sent = type_or_stream(cx, tokens, 0);
        return Returned {
            sent,
            error: None,
            span: join(start, tokens.last_span()),
        };
    }
    tokens.bump();
    tokens.bump();
    let sent = type_or_stream(cx, tokens, 1);
    let error = if tokens.eat_punct(',') {
        Some(ty::read_at(cx, tokens, 1))
    } else {
        cx.error(
            &rules::TYPE_ARGUMENTS,
            join(start, tokens.last_span()),
            "`Result` takes a type and an error enum",
        )
        .help("write `Result<User, UserError>`");
        None
    };
    tokens.eat_punct(',');
    ty::close(cx, tokens);
    Returned {
        sent,
        error,
        span: join(start, tokens.last_span()),
    }
}

fn type_or_stream(cx: &mut Diagnostics, tokens: &mut Cursor, depth: usize) -> Sent {
    if is_applied(tokens, "Stream") {
        return stream(cx, tokens, depth);
    }
    Sent {
        ty: ty::read_at(cx, tokens, depth),
        stream: None,
    }
}

/// Whether `word<` stands here.
fn is_applied(tokens: &Cursor, word: &str) -> bool {
    tokens.peek_word(word)
        && matches!(tokens.peek_at(1), Some(TokenTree::Punct(p)) if p.as_char() == '<')
}

/// `Stream<User>`
fn stream(cx: &mut Diagnostics, tokens: &mut Cursor, depth: usize) -> Sent {
    let word = tokens.span();
    tokens.bump();
    tokens.bump();
    let mut items = if is_applied(tokens, "Result") {
        let result = tokens.span();
        cx.error(
            &rules::MISPLACED_RESULT,
            result,
            "the items of a stream are no results",
        )
        .note("a stream that fails ends with its error")
        .help("write `-> Result<Stream<User>, UserError>`");
        // Its first type is what an item is meant to be.
        tokens.bump();
        tokens.bump();
        let meant = ty::arguments(cx, tokens, depth + 1);
        tokens.eat_punct(',');
        ty::close(cx, tokens);
        vec![
            meant
                .into_iter()
                .next()
                .unwrap_or_else(|| ty::poison(result)),
        ]
    } else {
        ty::arguments(cx, tokens, depth)
    };
    let span = join(word, tokens.last_span());
    let item = items.pop().filter(|_| items.is_empty());
    let ty = item.unwrap_or_else(|| {
        cx.error(
            &rules::TYPE_ARGUMENTS,
            span,
            "`Stream` takes one type argument",
        )
        .help("write `Stream<User>`");
        ty::poison(span)
    });
    let ty = if matches!(ty.kind, TypeRef::Unit) {
        cx.error(
            &rules::UNIT_TYPE,
            ty.span,
            "`()` stands only as a whole return",
        )
        .help("declare a struct without fields: `pub struct Nothing {}`");
        ty::poison(ty.span)
    } else {
        ty
    };
    Sent {
        ty,
        stream: Some(word),
    }
}
