//! Patterns as they are written: `"users.created"` or `{ cmd: "get_user" }`.

use proc_macro2::{Delimiter, Group, Span, TokenTree};
use syn::Lit;

use super::value::{Number, Text, eat_number, text};
use crate::diag::Diagnostics;
use crate::json;
use crate::model::{Pattern, PatternPart, PatternValue, Spanned};
use crate::parse::cursor::Cursor;
use crate::rules;

/// Nest gives up below this level and beyond this many keys, and then routes collide.
const MAX_LEVELS: usize = 6;
const MAX_KEYS: usize = 20;

/// Beyond this JavaScript cannot tell integers apart.
const MAX_SAFE_INTEGER: i128 = 9_007_199_254_740_991;

/// A pattern, and the arguments in its wildcards.
#[derive(Debug)]
pub(super) struct Read {
    pub(super) pattern: Spanned<Pattern>,
    pub(super) wildcards: Vec<Spanned<String>>,
}

/// Reads a pattern to the end of the tokens.
pub(super) fn read(cx: &mut Diagnostics, mut tokens: Cursor, event: bool) -> Option<Read> {
    let span = tokens.rest_span();
    let mut wildcards = Vec::new();
    let value = if let Some(text) = text(&tokens) {
        check_text(cx, &text)?;
        if event {
            parts(cx, &text, &mut wildcards)?
        } else {
            check_message(cx, &text)?;
            Pattern::Text(text.value)
        }
    } else if let Some(group) = tokens.eat_group(Delimiter::Brace) {
        tokens.expect_end(cx, "`,`")?;
        Pattern::Object(object(cx, &group, 1)?)
    } else {
        bad(
            cx,
            span,
            "a pattern is a string or an object",
            "write `\"users.get_user\"` or `{ cmd: \"get_user\" }`",
        );
        return None;
    };
    Some(Read {
        pattern: Spanned { value, span },
        wildcards,
    })
}

/// `cmd = "get_user"` is short for `{ cmd: "get_user" }`.
pub(super) fn command(cx: &mut Diagnostics, value: &Cursor, key: Span) -> Option<Spanned<Pattern>> {
    match text(value) {
        Some(text) => {
            let entries = vec![("cmd".to_owned(), PatternValue::Text(text.value.clone()))];
            Some(Spanned {
                value: Pattern::Object(entries),
                span: text.span(),
            })
        }
        None => {
            bad(
                cx,
                key,
                "`cmd` takes a string",
                "write `cmd = \"get_user\"` or `{ cmd: 42 }`",
            );
            None
        }
    }
}

fn bad(cx: &mut Diagnostics, span: Span, message: &str, help: &str) {
    cx.error(&rules::BAD_PATTERN, span, message).help(help);
}

/// What every text must be.
fn check_text(cx: &mut Diagnostics, text: &Text) -> Option<()> {
    let value = &text.value;
    if value.is_empty() {
        bad(
            cx,
            text.span(),
            "the pattern is empty",
            "name what is sent, as in `\"users.get_user\"`",
        );
        return None;
    }
    if json::parses(value) {
        cx.error(&rules::JSON_PATTERN, text.span(), format!("the pattern `{value}` parses as JSON"))
            .note("a Nest server reads such a text as the JSON value and never finds its handler")
            .help("choose a name such as `users.get_user`; an object is written without quotes: `{ cmd: \"get_user\" }`");
        return None;
    }
    let (at, c) = value
        .char_indices()
        .find(|(_, c)| matches!(c, '*' | '>' | '#'))
        .unzip();
    if let (Some(at), Some(c)) = (at, c) {
        cx.error(
            &rules::WILDCARD_PATTERN,
            text.part(at..at + 1),
            format!("`{c}` is a wildcard of some brokers"),
        )
        .note("every broker has its own")
        .help("name an argument of an event instead: `\"users.{role}.created\"`");
        return None;
    }
    Some(())
}

/// Messages are called by their exact name.
fn check_message(cx: &mut Diagnostics, text: &Text) -> Option<()> {
    for (at, c) in text.value.char_indices() {
        let span = || text.part(at..at + c.len_utf8());
        match c {
            '{' | '}' => {
                bad(
                    cx,
                    span(),
                    &format!("`{c}` stands in the pattern of a message"),
                    "only events have typed wildcards; pass it as an argument",
                );
                return None;
            }
            c if c.is_control() => {
                let message = format!("`{}` cannot stand in a pattern", c.escape_debug());
                bad(cx, span(), &message, "leave control characters out");
                return None;
            }
            _ => {}
        }
    }
    Some(())
}

/// The pattern of an event: names and wildcards with dots between them.
fn parts(
    cx: &mut Diagnostics,
    text: &Text,
    wildcards: &mut Vec<Spanned<String>>,
) -> Option<Pattern> {
    let mut parts = Vec::new();
    let mut at = 0;
    for part in text.value.split('.') {
        let place = at..at + part.len();
        at = place.end + 1;
        let argument = part
            .strip_prefix('{')
            .and_then(|rest| rest.strip_suffix('}'))
            .filter(|name| is_identifier(name));
        if let Some(name) = argument {
            wildcards.push(Spanned {
                value: name.to_owned(),
                span: text.part(place),
            });
            parts.push(PatternPart::Argument(name.to_owned()));
        } else {
            check_part(cx, text, part, place.start)?;
            parts.push(PatternPart::Text(part.to_owned()));
        }
    }
    if wildcards.is_empty() {
        return Some(Pattern::Text(text.value.clone()));
    }
    if parts.contains(&PatternPart::Text(String::new())) {
        bad(
            cx,
            text.span(),
            "nothing stands between two dots of a pattern with wildcards",
            "brokers match what stands between dots: leave empty parts out",
        );
        return None;
    }
    Some(Pattern::Wildcards(parts))
}

fn is_identifier(name: &str) -> bool {
    name.starts_with(|c: char| c.is_ascii_alphabetic() || c == '_')
        && name.chars().all(|c| c.is_ascii_alphanumeric() || c == '_')
}

/// A part without a wildcard, which starts at a byte of the text.
fn check_part(cx: &mut Diagnostics, text: &Text, part: &str, start: usize) -> Option<()> {
    let is_name = |c: char| c.is_ascii_alphanumeric() || matches!(c, '_' | '-');
    let Some((at, c)) = part.char_indices().find(|(_, c)| !is_name(*c)) else {
        return Some(());
    };
    let at = start + at;
    if matches!(c, '{' | '}') {
        let end = part.rfind('}').map_or(at + 1, |end| start + end + 1);
        bad(
            cx,
            text.part(at..end.max(at + 1)),
            &format!("`{part}` is neither a name nor a wildcard"),
            "a wildcard is the name of an argument and all that stands between two dots: `users.{role}.created`",
        );
    } else {
        bad(
            cx,
            text.part(at..at + c.len_utf8()),
            &format!(
                "`{}` cannot stand in the pattern of an event",
                c.escape_debug()
            ),
            "events are named with `A-Z`, `a-z`, `0-9`, `.`, `_` and `-`",
        );
    }
    None
}

fn object(
    cx: &mut Diagnostics,
    group: &Group,
    level: usize,
) -> Option<Vec<(String, PatternValue)>> {
    if level > MAX_LEVELS {
        cx.error(
            &rules::BAD_PATTERN,
            group.span(),
            format!("the pattern nests more than {MAX_LEVELS} levels deep"),
        )
        .note("Nest stops there, and different patterns get the same route")
        .help("move the inner values up");
        return None;
    }
    let mut entries: Vec<(String, PatternValue)> = Vec::new();
    let mut sound = true;
    let pieces = Cursor::inside(group).split_commas(cx);
    if pieces.len() > MAX_KEYS {
        cx.error(
            &rules::BAD_PATTERN,
            group.span(),
            format!("the pattern has more than {MAX_KEYS} keys"),
        )
        .note("Nest stops there, and different patterns get the same route")
        .help("name the operation with fewer keys");
        return None;
    }
    for mut piece in pieces {
        let key_span = piece.span();
        let Some(key) = piece.eat_ident() else {
            bad(
                cx,
                key_span,
                "a pattern key is an identifier",
                "write `{ cmd: \"get_user\" }`",
            );
            sound = false;
            continue;
        };
        let key = key.to_string().trim_start_matches("r#").to_owned();
        if !key.is_ascii() {
            bad(
                cx,
                key_span,
                &format!("the pattern key `{key}` is not ASCII"),
                "use the letters of ASCII",
            );
            sound = false;
            continue;
        }
        if entries.iter().any(|(known, _)| *known == key) {
            bad(
                cx,
                key_span,
                &format!("the pattern has the key `{key}` twice"),
                "remove one of the two",
            );
            sound = false;
            continue;
        }
        if piece.expect_punct(cx, ':').is_none() {
            sound = false;
            continue;
        }
        match value(cx, piece, level) {
            Some(value) => entries.push((key, value)),
            None => sound = false,
        }
    }
    if sound && entries.is_empty() {
        bad(
            cx,
            group.span(),
            "the pattern is empty",
            "name what is sent, as in `{ cmd: \"get_user\" }`",
        );
        return None;
    }
    sound.then_some(entries)
}

fn value(cx: &mut Diagnostics, mut piece: Cursor, level: usize) -> Option<PatternValue> {
    let span = piece.rest_span();
    if let Some(group) = piece.eat_group(Delimiter::Brace)
        && piece.is_empty()
    {
        return object(cx, &group, level + 1).map(PatternValue::Object);
    }
    if let Some(Number::Int(value)) = eat_number(&mut piece)
        && piece.is_empty()
    {
        if value.abs() > MAX_SAFE_INTEGER {
            let help = "stay within 9007199254740991, or write it as a string";
            bad(
                cx,
                span,
                &format!("JavaScript cannot hold {value} exactly"),
                help,
            );
            return None;
        }
        return i64::try_from(value).ok().map(PatternValue::Int);
    }
    match piece.bump() {
        Some(TokenTree::Ident(word)) if piece.is_empty() && word == "true" => {
            return Some(PatternValue::Bool(true));
        }
        Some(TokenTree::Ident(word)) if piece.is_empty() && word == "false" => {
            return Some(PatternValue::Bool(false));
        }
        Some(TokenTree::Literal(literal)) if piece.is_empty() => {
            if let Lit::Str(text) = Lit::new(literal) {
                return Some(PatternValue::Text(text.value()));
            }
        }
        _ => {}
    }
    bad(
        cx,
        span,
        "this cannot be a value of a pattern",
        "values are strings, integers, bools and objects",
    );
    None
}
