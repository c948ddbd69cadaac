//! `#[message(..)]`, `#[event(..)]` and `#[service(..)]`.

use proc_macro2::{Span, TokenTree};

use super::value::{Number, eat_number, in_range, text};
use super::{Attr, Form, address, not_yet, pattern, wrong_form};
use crate::diag::Diagnostics;
use crate::duration;
use crate::model::{Delivery, GrpcMethod, OperationKind, Pattern, Spanned};
use crate::parse::cursor::Cursor;
use crate::rules;
use crate::similar::similar;

/// What the attribute of an operation says.
#[derive(Debug)]
pub(crate) struct Options {
    pub(crate) kind: OperationKind,
    /// Nothing if it was missing or wrong, which is reported already.
    pub(crate) pattern: Option<Spanned<Pattern>>,
    pub(crate) wildcards: Vec<Spanned<String>>,
    pub(crate) timeout_ms: Option<Spanned<u64>>,
    pub(crate) idempotent: Option<Span>,
    pub(crate) delivery: Delivery,
    pub(crate) key: Option<Spanned<String>>,
    pub(crate) topic: Option<Spanned<String>>,
    pub(crate) grpc: Option<Spanned<GrpcMethod>>,
}

impl Options {
    /// What is said by nothing but the kind.
    pub(crate) fn new(kind: OperationKind) -> Self {
        Self {
            kind,
            pattern: None,
            wildcards: Vec::new(),
            timeout_ms: None,
            idempotent: None,
            delivery: Delivery::default(),
            key: None,
            topic: None,
            grpc: None,
        }
    }
}

/// Which kinds of operation take an option, and whether this version does.
struct Known {
    name: &'static str,
    /// How it is written.
    example: &'static str,
    message: bool,
    event: bool,
    supported: bool,
}

const fn known(example: &'static str, name: &'static str, message: bool, event: bool) -> Known {
    Known {
        name,
        example,
        message,
        event,
        supported: true,
    }
}

const fn later(name: &'static str, message: bool, event: bool) -> Known {
    Known {
        supported: false,
        ..known("", name, message, event)
    }
}

const OPTIONS: &[Known] = &[
    later("dead_letter", false, true),
    later("dedup", false, true),
    known("delivery = at_least_once", "delivery", false, true),
    known("grpc = \"Users/GetUser\"", "grpc", true, true),
    later("http", true, false),
    known("idempotent", "idempotent", true, false),
    known("key = user_id", "key", false, true),
    known("oneway", "oneway", true, false),
    later("retry", true, true),
    known("timeout = \"2s\"", "timeout", true, false),
    known("topic = \"users.created\"", "topic", true, true),
];

/// Reads `#[message(..)]` or `#[event(..)]`.
pub(crate) fn read(cx: &mut Diagnostics, attr: &Attr, operation: &str) -> Options {
    let event = attr.name == "event";
    let mut options = Options::new(if event {
        OperationKind::Event
    } else {
        OperationKind::Message
    });
    let pieces = match &attr.form {
        Form::List(list) => Cursor::inside(list).split_commas(cx),
        Form::Word => Vec::new(),
        Form::Value(_) => {
            wrong_form(
                cx,
                attr.span,
                &attr.name,
                &format!("#[{}(\"{operation}\")]", attr.name),
            );
            return options;
        }
    };
    let mut pieces = pieces.into_iter();
    let Some(first) = pieces.next() else {
        missing_pattern(cx, attr.span, &attr.name, operation);
        return options;
    };
    let mut ahead = first.clone();
    let mut rest: Vec<Cursor> = pieces.collect();
    if !event && ahead.eat_word("cmd") && ahead.eat_punct('=') {
        options.pattern = pattern::command(cx, &ahead, first.span());
    } else if matches!(first.peek(), Some(TokenTree::Ident(_))) {
        missing_pattern(cx, attr.span, &attr.name, operation);
        rest.insert(0, first);
    } else if let Some(read) = pattern::read(cx, first, event) {
        options.pattern = Some(read.pattern);
        options.wildcards = read.wildcards;
    }
    let mut seen: Vec<String> = Vec::new();
    let mut timeout_key = None;
    for mut piece in rest {
        let Some(key) = piece.eat_ident() else {
            piece.expected(cx, "an option such as `timeout = \"2s\"`");
            continue;
        };
        let (name, span) = (key.to_string(), key.span());
        let Some(known) = applying(cx, &name, span, event) else {
            continue;
        };
        if seen.contains(&name) {
            cx.error(
                &rules::DUPLICATE_OPTION,
                span,
                format!("`{name}` is written twice"),
            )
            .help("remove one of the two");
            continue;
        }
        seen.push(name.clone());
        let has_value = piece.eat_punct('=');
        match &*name {
            "oneway" if !has_value && piece.is_empty() => options.kind = OperationKind::Oneway,
            "idempotent" if !has_value && piece.is_empty() => options.idempotent = Some(span),
            "timeout" if has_value => {
                timeout_key = Some(span);
                options.timeout_ms = timeout(cx, &piece);
            }
            "delivery" if has_value => options.delivery = delivery(cx, &mut piece),
            "key" if has_value => options.key = argument(cx, &mut piece),
            "topic" if has_value => options.topic = address::topic(cx, &piece, span),
            "grpc" if has_value => options.grpc = address::grpc(cx, &piece, span),
            _ => wrong_option(cx, span, known),
        }
    }
    if options.kind == OperationKind::Oneway
        && let Some(span) = timeout_key
    {
        cx.error(
            &rules::MISPLACED_OPTION,
            span,
            "a oneway message has no `timeout`: nothing is waited for",
        )
        .help("remove `timeout`, or `oneway`");
    }
    options
}

fn missing_pattern(cx: &mut Diagnostics, span: Span, attr: &str, operation: &str) {
    cx.error(
        &rules::MISSING_PATTERN,
        span,
        format!("operation `{operation}` has no pattern"),
    )
    .help(format!(
        "write `#[{attr}(\"{operation}\")]`, with the pattern first"
    ));
}

fn wrong_option(cx: &mut Diagnostics, span: Span, option: &Known) {
    cx.error(
        &rules::ATTRIBUTE_FORM,
        span,
        format!("`{}` is not written like this", option.name),
    )
    .help(format!("write `{}`", option.example));
}

/// The option of this name, if this kind of operation has it.
fn applying(cx: &mut Diagnostics, name: &str, span: Span, event: bool) -> Option<&'static Known> {
    if name == "cmd" {
        cx.error(
            &rules::MISPLACED_OPTION,
            span,
            "`cmd` stands only first in `#[message(..)]`",
        )
        .help("write the pattern first and only once");
        return None;
    }
    let takes = |option: &Known| if event { option.event } else { option.message };
    let Some(option) = OPTIONS.iter().find(|option| option.name == name) else {
        let help = match similar(
            name,
            OPTIONS
                .iter()
                .filter(|option| takes(option))
                .map(|option| option.name),
        ) {
            Some(known) => format!("a similar name exists: `{known}`"),
            None => {
                let names = OPTIONS
                    .iter()
                    .filter(|option| takes(option) && option.supported);
                let names: Vec<String> = names.map(|option| format!("`{}`", option.name)).collect();
                format!("the options are {}", names.join(", "))
            }
        };
        cx.error(
            &rules::UNKNOWN_OPTION,
            span,
            format!("unknown option `{name}`"),
        )
        .help(help);
        return None;
    };
    if !takes(option) {
        let (this, other) = if event {
            ("events", "messages")
        } else {
            ("messages", "events")
        };
        cx.error(
            &rules::MISPLACED_OPTION,
            span,
            format!("{this} have no `{name}`"),
        )
        .help(format!("`{name}` is an option of {other}; remove it"));
        return None;
    }
    if !option.supported {
        not_yet(cx, span, &format!("`{name}`"));
        return None;
    }
    Some(option)
}

fn timeout(cx: &mut Diagnostics, value: &Cursor) -> Option<Spanned<u64>> {
    const MILLISECOND: i128 = 1_000_000;
    let span = value.rest_span();
    let nanos = text(value).and_then(|text| duration::parse(&text.value));
    let millis = nanos.filter(|nanos| *nanos > 0 && nanos % MILLISECOND == 0);
    match millis.and_then(|nanos| u64::try_from(nanos / MILLISECOND).ok()) {
        Some(value) => Some(Spanned { value, span }),
        None => {
            cx.error(&rules::BAD_TIMEOUT, span, format!("`{}` is not a timeout", value.text()))
                .help("write a number with `ms`, `s`, `m` or `h`, at least a millisecond: `timeout = \"2s\"`");
            None
        }
    }
}

fn delivery(cx: &mut Diagnostics, value: &mut Cursor) -> Delivery {
    let (span, written) = (value.rest_span(), value.text());
    let word = value
        .eat_ident()
        .filter(|_| value.is_empty())
        .map(|ident| ident.to_string());
    match word.as_deref() {
        Some("at_most_once") => Delivery::AtMostOnce,
        Some("at_least_once") => Delivery::AtLeastOnce,
        _ => {
            cx.error(
                &rules::ATTRIBUTE_FORM,
                span,
                format!("unknown delivery `{written}`"),
            )
            .help("the deliveries are `at_most_once` and `at_least_once`");
            // The stronger one, so that a `key` is not reported as well.
            Delivery::AtLeastOnce
        }
    }
}

fn argument(cx: &mut Diagnostics, value: &mut Cursor) -> Option<Spanned<String>> {
    let span = value.rest_span();
    match value.eat_ident() {
        Some(name) if value.is_empty() => Some(Spanned {
            value: name.to_string().trim_start_matches("r#").to_owned(),
            span,
        }),
        _ => {
            cx.error(&rules::ATTRIBUTE_FORM, span, "`key` names an argument")
                .help("write `key = user_id`");
            None
        }
    }
}

/// `#[service]` or `#[service(version = 1)]`.
pub(crate) fn version(cx: &mut Diagnostics, attr: &Attr) -> Option<u32> {
    match &attr.form {
        Form::Word => return None,
        Form::List(list) => {
            let mut tokens = Cursor::inside(list);
            if tokens.is_empty() {
                return None;
            }
            if tokens.eat_word("version") && tokens.eat_punct('=') {
                let span = tokens.rest_span();
                if let Some(Number::Int(value)) = eat_number(&mut tokens) {
                    tokens.eat_punct(',');
                    if tokens.is_empty() {
                        return in_range(cx, value, span).map(|version| version.value);
                    }
                }
            }
        }
        Form::Value(_) => {}
    }
    wrong_form(cx, attr.span, "service", "#[service(version = 1)]");
    None
}
