//! Types as they are written. Every form of Rust that is not ours gets its own answer.

use proc_macro2::{Delimiter, Ident, Span, TokenTree};

use super::cursor::{Cursor, join};
use crate::attr::not_yet;
use crate::diag::Diagnostics;
use crate::model::{Scalar, Type, TypeRef};
use crate::rules;

/// Lists, maps and options do not nest, so only boxes come near this; deeper
/// ones would use up the stack of whoever reads the generated code.
const MAX_DEPTH: usize = 16;

/// The scalars, by the names contracts use.
pub(crate) const SCALARS: &[(&str, Scalar)] = &[
    ("bool", Scalar::Bool),
    ("i8", Scalar::I8),
    ("i16", Scalar::I16),
    ("i32", Scalar::I32),
    ("i64", Scalar::I64),
    ("u8", Scalar::U8),
    ("u16", Scalar::U16),
    ("u32", Scalar::U32),
    ("u64", Scalar::U64),
    ("f32", Scalar::F32),
    ("f64", Scalar::F64),
    ("String", Scalar::String),
    ("Bytes", Scalar::Bytes),
    ("Uuid", Scalar::Uuid),
    ("Decimal", Scalar::Decimal),
    ("Date", Scalar::Date),
    ("Timestamp", Scalar::Timestamp),
    ("Duration", Scalar::Duration),
    ("Json", Scalar::Json),
];

/// The built-in types that take others.
pub(crate) const CONTAINERS: &[&str] = &[
    "Option", "Vec", "BTreeMap", "HashMap", "Box", "Result", "Stream", "Patch",
];

/// Reads the type of a field, an argument or an alias. What cannot be read is
/// reported and gives a type that is never reported again.
pub(super) fn read(cx: &mut Diagnostics, tokens: &mut Cursor) -> Type {
    let ty = read_at(cx, tokens, 0);
    if matches!(ty.kind, TypeRef::Unit) {
        cx.error(
            &rules::UNIT_TYPE,
            ty.span,
            "`()` stands only as a whole return",
        )
        .help("declare a struct without fields: `pub struct Nothing {}`");
        return poison(ty.span);
    }
    ty
}

pub(super) fn poison(span: Span) -> Type {
    Type {
        kind: TypeRef::Named {
            name: String::new(),
            target: None,
        },
        span,
    }
}

pub(super) fn read_at(cx: &mut Diagnostics, tokens: &mut Cursor, depth: usize) -> Type {
    let start = tokens.span();
    if depth > MAX_DEPTH {
        cx.error(
            &rules::TOO_DEEP,
            start,
            format!("types nest more than {MAX_DEPTH} deep"),
        )
        .help("give the inner type a name");
        skip(tokens);
        return poison(start);
    }
    match tokens.peek() {
        Some(TokenTree::Ident(_)) => named(cx, tokens, depth),
        Some(TokenTree::Group(group)) if group.delimiter() == Delimiter::Parenthesis => {
            let (span, empty) = (group.span(), group.stream().is_empty());
            tokens.bump();
            if empty {
                return Type {
                    kind: TypeRef::Unit,
                    span,
                };
            }
            unsupported(
                cx,
                span,
                "a tuple",
                "declare a struct: its fields have names and can grow",
            );
            poison(span)
        }
        Some(TokenTree::Group(group)) if group.delimiter() == Delimiter::Bracket => {
            let span = group.span();
            tokens.bump();
            unsupported(
                cx,
                span,
                "an array",
                "use `Vec`, with `#[check(len = ..)]` for its length",
            );
            poison(span)
        }
        Some(TokenTree::Punct(punct)) if matches!(punct.as_char(), '&' | '*' | '!' | '\'') => {
            let (what, help) = match punct.as_char() {
                '&' => (
                    "a reference",
                    "write the type itself: `String` for `&str`, `Vec<T>` for `&[T]`",
                ),
                '*' => ("a pointer", "write the type itself"),
                '!' => ("the type `!`", "leave the return out"),
                _ => ("a lifetime", "contract types own what they hold"),
            };
            unsupported(cx, start, what, help);
            skip(tokens);
            poison(start)
        }
        Some(TokenTree::Punct(punct)) if punct.as_char() == ':' && tokens.peek_puncts("::") => {
            named(cx, tokens, depth)
        }
        _ => {
            tokens.expected(cx, "a type");
            skip(tokens);
            poison(start)
        }
    }
}

fn unsupported(cx: &mut Diagnostics, span: Span, what: &str, help: &str) {
    cx.error(
        &rules::UNSUPPORTED_TYPE,
        span,
        format!("{what} is not a type that every wire can carry"),
    )
    .help(help);
}

/// Skips what may belong to a type that could not be read.
fn skip(tokens: &mut Cursor) {
    let mut depth = 0usize;
    while let Some(token) = tokens.peek() {
        if let TokenTree::Punct(punct) = token {
            match punct.as_char() {
                ';' | '=' => return,
                ',' | '>' if depth == 0 => return,
                '<' => depth += 1,
                '>' => depth -= 1,
                // The arrow of a function's type closes nothing.
                '-' if tokens.peek_puncts("->") => {
                    tokens.bump();
                }
                _ => {}
            }
        }
        tokens.bump();
    }
}

pub(super) fn close(cx: &mut Diagnostics, tokens: &mut Cursor) {
    if !tokens.eat_punct('>') {
        tokens.expected(cx, "`>`");
        skip(tokens);
        tokens.eat_punct('>');
    }
}

fn named(cx: &mut Diagnostics, tokens: &mut Cursor, depth: usize) -> Type {
    let start = tokens.span();
    let leading = tokens.eat_puncts("::");
    let Some(mut ident) = tokens.eat_ident() else {
        tokens.expected(cx, "a type");
        skip(tokens);
        return poison(start);
    };
    if matches!(
        &*ident.to_string(),
        "dyn" | "impl" | "fn" | "unsafe" | "extern" | "for" | "const" | "mut"
    ) {
        unsupported(
            cx,
            start,
            &format!("`{ident}`"),
            "declare a struct or an enum for what is sent",
        );
        skip(tokens);
        return poison(start);
    }
    let mut is_path = leading;
    while tokens.eat_puncts("::") {
        is_path = true;
        match tokens.eat_ident() {
            Some(next) => ident = next,
            None => break,
        }
    }
    let path = join(start, tokens.last_span());
    let arguments = if tokens.eat_punct('<') {
        Some(arguments(cx, tokens, depth))
    } else {
        None
    };
    let span = join(start, tokens.last_span());
    if is_path {
        let name = ident.to_string();
        let built_in =
            SCALARS.iter().any(|(known, _)| *known == name) || CONTAINERS.contains(&&*name);
        let finding = cx.error(
            &rules::FOREIGN_PATH,
            path,
            "a type is written without a path",
        );
        if built_in {
            finding.help(format!("write `{name}`"));
        } else {
            finding
                .note("types of Rust libraries are not part of a contract")
                .help(format!(
                    "declare `{name}` in a contract file, and import it with `use`"
                ));
        }
        return poison(span);
    }
    Type {
        kind: kind(cx, &ident, arguments, span),
        span,
    }
}

pub(super) fn arguments(cx: &mut Diagnostics, tokens: &mut Cursor, depth: usize) -> Vec<Type> {
    let mut arguments = Vec::new();
    while !tokens.is_empty() && !tokens.peek_punct('>') {
        arguments.push(read_at(cx, tokens, depth + 1));
        if !tokens.eat_punct(',') {
            break;
        }
    }
    close(cx, tokens);
    arguments
}

fn kind(cx: &mut Diagnostics, ident: &Ident, arguments: Option<Vec<Type>>, span: Span) -> TypeRef {
    let name = ident.to_string().trim_start_matches("r#").to_owned();
    let unknown = || TypeRef::Named {
        name: String::new(),
        target: None,
    };
    if let Some((_, scalar)) = SCALARS.iter().find(|(known, _)| *known == name) {
        if arguments.is_some() {
            cx.error(
                &rules::TYPE_ARGUMENTS,
                span,
                format!("`{name}` takes no type arguments"),
            )
            .help(format!("write `{name}`"));
            return unknown();
        }
        return TypeRef::Scalar(*scalar);
    }
    if CONTAINERS.contains(&&*name) {
        return container(cx, &name, ident.span(), arguments.unwrap_or_default(), span);
    }
    let help = match &*name {
        "usize" | "isize" => {
            let (small, large) = if name == "usize" {
                ("u32", "u64")
            } else {
                ("i32", "i64")
            };
            cx.error(
                &rules::NO_FIXED_WIDTH,
                span,
                format!("`{name}` has no fixed width"),
            )
            .help(format!("use `{small}` or `{large}`"));
            return unknown();
        }
        "i128" | "u128" => Some("use `i64`, `u64`, or `Decimal` for what is larger"),
        "char" => Some("use `String` with `#[check(len = 1..=1)]`"),
        "str" => Some("use `String`"),
        "HashSet" | "BTreeSet" => Some("use `Vec` with `#[check(unique)]`"),
        "Self" => Some("write the name of the type"),
        _ => None,
    };
    if let Some(help) = help {
        unsupported(cx, span, &format!("`{name}`"), help);
        return unknown();
    }
    if let Some(arguments) = arguments {
        let inner = arguments.iter().find_map(|ty| match &ty.kind {
            TypeRef::Named { name, .. } if !name.is_empty() => Some(name.clone()),
            _ => None,
        });
        let plain = format!("{}{name}", inner.unwrap_or_default());
        cx.error(
            &rules::GENERIC_TYPE,
            span,
            format!("`{name}<..>`: contract types cannot be generic"),
        )
        .help(format!("declare a type for this use, such as `{plain}`"));
        return unknown();
    }
    TypeRef::Named { name, target: None }
}

fn container(
    cx: &mut Diagnostics,
    name: &str,
    at: Span,
    arguments: Vec<Type>,
    span: Span,
) -> TypeRef {
    let unknown = TypeRef::Named {
        name: String::new(),
        target: None,
    };
    match name {
        "Stream" if arguments.len() == 1 => {
            cx.error(
                &rules::MISPLACED_STREAM,
                at,
                "`Stream` stands only as the argument or the return of a message",
            )
            .help("use `Vec` for many values at once, or write `-> Stream<User>`");
            return unknown;
        }
        "Patch" => {
            not_yet(cx, at, "`Patch`");
            return unknown;
        }
        "Result" => {
            cx.error(
                &rules::MISPLACED_RESULT,
                at,
                "`Result` stands only as a whole return",
            )
            .help("write `-> Result<User, UserError>`, or declare an enum for data");
            return unknown;
        }
        _ => {}
    }
    for argument in &arguments {
        if matches!(argument.kind, TypeRef::Unit) {
            cx.error(
                &rules::UNIT_TYPE,
                argument.span,
                "`()` stands only as a whole return",
            )
            .help("declare a struct without fields: `pub struct Nothing {}`");
            return unknown;
        }
    }
    let count = arguments.len();
    let mut arguments = arguments.into_iter().map(Box::new);
    let kind = match (name, arguments.next(), arguments.next(), count) {
        ("Option", Some(inner), None, _) => Some(TypeRef::Option(inner)),
        ("Vec", Some(inner), None, _) => Some(TypeRef::Vec(inner)),
        ("Box", Some(inner), None, _) => Some(TypeRef::Box(inner)),
        ("BTreeMap" | "HashMap", Some(key), Some(value), 2) => Some(TypeRef::Map {
            sorted: name == "BTreeMap",
            key,
            value,
        }),
        _ => None,
    };
    kind.unwrap_or_else(|| {
        let (wants, example) = match name {
            "BTreeMap" | "HashMap" => ("two type arguments", format!("{name}<String, User>")),
            _ => ("one type argument", format!("{name}<User>")),
        };
        cx.error(
            &rules::TYPE_ARGUMENTS,
            span,
            format!("`{name}` takes {wants}"),
        )
        .help(format!("write `{example}`"));
        unknown
    })
}
