//! Values inside attributes: texts, numbers, defaults, ranges.

use std::ops::Range;

use proc_macro2::{Literal, Span, TokenTree};
use syn::Lit;

use super::{Attr, Form, wrong_form};
use crate::diag::Diagnostics;
use crate::model::{Bound, DefaultValue, Reserved, Spanned};
use crate::parse::cursor::Cursor;
use crate::rules;

/// A string with its literal, so that a part of it can be pointed at.
#[derive(Debug, Clone)]
pub(crate) struct Text {
    pub(crate) value: String,
    literal: Literal,
}

impl Text {
    pub(crate) fn span(&self) -> Span {
        self.literal.span()
    }

    /// The span of a part of the text; the whole where escapes move things or
    /// rustc does not say.
    pub(crate) fn part(&self, bytes: Range<usize>) -> Span {
        let as_written = self.literal.to_string();
        let plain = as_written
            .strip_prefix('"')
            .and_then(|rest| rest.strip_suffix('"'))
            == Some(&self.value);
        let part = if plain {
            self.literal.subspan(bytes.start + 1..bytes.end + 1)
        } else {
            None
        };
        part.unwrap_or_else(|| self.span())
    }
}

/// A string literal and nothing else.
pub(crate) fn text(tokens: &Cursor) -> Option<Text> {
    let mut tokens = tokens.clone();
    let literal = tokens.eat_literal()?;
    match Lit::new(literal.clone()) {
        Lit::Str(text) if tokens.is_empty() && text.suffix().is_empty() => Some(Text {
            value: text.value(),
            literal,
        }),
        _ => None,
    }
}

/// A number with its sign.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) enum Number {
    Int(i128),
    Float(f64),
}

/// Reads a number if one stands here. It has no suffix: its type is the field's.
pub(crate) fn eat_number(tokens: &mut Cursor) -> Option<Number> {
    let mut ahead = tokens.clone();
    let negative = ahead.eat_punct('-');
    let number = match Lit::new(ahead.eat_literal()?) {
        Lit::Int(int) if int.suffix().is_empty() => {
            let value: i128 = int.base10_digits().parse().ok()?;
            Number::Int(if negative { -value } else { value })
        }
        Lit::Float(float) if float.suffix().is_empty() => {
            let value: f64 = float.base10_digits().parse().ok()?;
            if !value.is_finite() {
                return None;
            }
            Number::Float(if negative { -value } else { value })
        }
        _ => return None,
    };
    *tokens = ahead;
    Some(number)
}

/// `#[default]`, `#[default(20)]`, `#[default("text")]`, `#[default(Member)]`.
pub(super) fn default(cx: &mut Diagnostics, attr: &Attr) -> Option<Spanned<DefaultValue>> {
    let list = match &attr.form {
        Form::Word => {
            return Some(Spanned {
                value: DefaultValue::Empty,
                span: attr.span,
            });
        }
        Form::List(list) => list,
        Form::Value(_) => {
            wrong_form(cx, attr.span, "default", "#[default(20)]");
            return None;
        }
    };
    let mut tokens = Cursor::inside(list);
    let span = tokens.rest_span();
    let value = if let Some(text) = text(&tokens) {
        tokens.skip_all();
        Some(DefaultValue::Text(text.value))
    } else if let Some(number) = eat_number(&mut tokens) {
        Some(match number {
            Number::Int(value) => DefaultValue::Int(value),
            Number::Float(value) => DefaultValue::Float(value),
        })
    } else {
        tokens.eat_ident().map(|ident| match &*ident.to_string() {
            "true" => DefaultValue::Bool(true),
            "false" => DefaultValue::Bool(false),
            variant => DefaultValue::Variant(variant.trim_start_matches("r#").to_owned()),
        })
    };
    match value {
        Some(value) if tokens.is_empty() => Some(Spanned { value, span }),
        _ => {
            wrong_form(cx, attr.span, "default", "#[default(20)]");
            None
        }
    }
}

/// The numbers that protobuf allows for fields.
const MAX_NUMBER: u32 = 536_870_911;
const TAKEN_BY_PROTOBUF: std::ops::RangeInclusive<u32> = 19_000..=19_999;

/// Whether protobuf allows the number.
pub(crate) fn is_number(value: u32) -> bool {
    (1..=MAX_NUMBER).contains(&value) && !TAKEN_BY_PROTOBUF.contains(&value)
}

/// `#[n(1)]`
pub(super) fn number(cx: &mut Diagnostics, attr: &Attr) -> Option<Spanned<u32>> {
    if let Form::List(list) = &attr.form {
        let mut tokens = Cursor::inside(list);
        let span = tokens.rest_span();
        if let Some(Number::Int(value)) = eat_number(&mut tokens)
            && tokens.is_empty()
        {
            return Some(in_range(cx, value, span).unwrap_or_else(|| reported(span)));
        }
    }
    wrong_form(cx, attr.span, "n", "#[n(1)]");
    Some(reported(attr.span))
}

/// Stands for a number that is wrong, which is reported, so that it is not
/// reported as missing too. No contract can write it.
pub(crate) fn reported(span: Span) -> Spanned<u32> {
    Spanned { value: 0, span }
}

/// A field or variant number, if it is one that protobuf allows.
pub(crate) fn in_range(cx: &mut Diagnostics, value: i128, span: Span) -> Option<Spanned<u32>> {
    if let Some(value) = u32::try_from(value).ok().filter(|value| is_number(*value)) {
        return Some(Spanned { value, span });
    }
    cx.error(
        &rules::BAD_NUMBER,
        span,
        format!("{value} cannot be a number of the contract"),
    )
    .help(format!(
        "numbers are 1 to {MAX_NUMBER} without 19000 to 19999"
    ));
    None
}

/// `#[name("userId")]`
pub(super) fn name(cx: &mut Diagnostics, attr: &Attr) -> Option<Spanned<String>> {
    if let Form::List(list) = &attr.form
        && let Some(text) = text(&Cursor::inside(list))
        && !text.value.is_empty()
    {
        return Some(Spanned {
            span: text.span(),
            value: text.value,
        });
    }
    wrong_form(cx, attr.span, "name", "#[name(\"userId\")]");
    None
}

/// `#[reserved(3, "nick_name")]`
pub(super) fn reserved(cx: &mut Diagnostics, attr: &Attr) -> Vec<Spanned<Reserved>> {
    let Form::List(list) = &attr.form else {
        wrong_form(cx, attr.span, "reserved", "#[reserved(3, \"nick_name\")]");
        return Vec::new();
    };
    let mut reserved: Vec<Spanned<Reserved>> = Vec::new();
    for mut piece in Cursor::inside(list).split_commas(cx) {
        let span = piece.rest_span();
        if let Some(text) = text(&piece) {
            reserved.push(Spanned {
                value: Reserved::Name(text.value),
                span,
            });
        } else if let Some(Number::Int(value)) = eat_number(&mut piece)
            && piece.is_empty()
        {
            let number = in_range(cx, value, span);
            reserved.extend(number.map(|number| Spanned {
                value: Reserved::Number(number.value),
                span,
            }));
        } else {
            wrong_form(cx, span, "reserved", "#[reserved(3, \"nick_name\")]");
        }
    }
    reserved
}

/// `1..=20`, `1..`, `..=20` and their bounds.
#[derive(Debug)]
pub(crate) struct Bounds {
    pub(crate) min: Option<Bound>,
    pub(crate) max: Option<Bound>,
}

/// Reads a range to the end of the tokens, or nothing.
pub(crate) fn bounds(tokens: &mut Cursor) -> Option<Bounds> {
    let min = eat_bound(tokens);
    let max = if tokens.eat_puncts("..=") {
        Some(eat_bound(tokens)?)
    } else if tokens.eat_puncts("..") {
        None
    } else {
        return None;
    };
    (tokens.is_empty() && (min.is_some() || max.is_some())).then_some(Bounds { min, max })
}

fn eat_bound(tokens: &mut Cursor) -> Option<Bound> {
    if let Some(number) = eat_number(tokens) {
        return Some(match number {
            Number::Int(value) => Bound::Int(value),
            Number::Float(value) => Bound::Float(value),
        });
    }
    if let Some(TokenTree::Literal(literal)) = tokens.peek()
        && let Lit::Str(text) = Lit::new(literal.clone())
    {
        tokens.bump();
        return Some(Bound::Text(text.value()));
    }
    None
}
