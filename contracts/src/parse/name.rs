//! Names: the Rust name, and the name on the wire.

use proc_macro2::{Ident, Span};

use crate::case;
use crate::diag::Diagnostics;
use crate::model::{Name, RenameRule, Spanned};
use crate::rules;

/// Keywords of edition 2024, the reserved ones too.
const KEYWORDS: &[&str] = &[
    "abstract", "as", "async", "await", "become", "box", "break", "const", "continue", "do", "dyn",
    "else", "enum", "extern", "false", "final", "fn", "for", "gen", "if", "impl", "in", "let",
    "loop", "macro", "match", "mod", "move", "mut", "override", "priv", "pub", "ref", "return",
    "static", "struct", "trait", "true", "try", "type", "typeof", "unsafe", "unsized", "use",
    "virtual", "where", "while", "yield",
];

/// Keywords that cannot be written with `r#`.
const NEVER_NAMES: &[&str] = &["self", "Self", "super", "crate", "_"];

pub(crate) fn is_keyword(name: &str) -> bool {
    KEYWORDS.contains(&name) || NEVER_NAMES.contains(&name)
}

/// Whether a module can have this name, with `r#` if need be.
pub(crate) fn can_be_module(name: &str) -> bool {
    name.starts_with(|c: char| c.is_ascii_alphabetic() || c == '_')
        && name.chars().all(|c| c.is_ascii_alphanumeric() || c == '_')
        && !NEVER_NAMES.contains(&name)
}

/// The name of a field, an argument, a variant or an operation.
pub(super) fn member(
    cx: &mut Diagnostics,
    ident: &Ident,
    wire: Option<Spanned<String>>,
    rename: Option<RenameRule>,
) -> Name {
    let rust = plain(cx, ident);
    let wire = match (wire, rename) {
        (Some(wire), _) => wire.value,
        (None, Some(rule)) => case::rename(&rust, rule),
        (None, None) => rust.clone(),
    };
    Name {
        rust,
        wire,
        span: ident.span(),
    }
}

/// The name of a type or a service, which is never renamed.
pub(super) fn declared(cx: &mut Diagnostics, ident: &Ident) -> Name {
    let rust = plain(cx, ident);
    Name {
        wire: rust.clone(),
        rust,
        span: ident.span(),
    }
}

fn plain(cx: &mut Diagnostics, ident: &Ident) -> String {
    let written = ident.to_string();
    let name = written.trim_start_matches("r#").to_owned();
    if !name.is_ascii() {
        not_ascii(cx, &name, ident.span());
    } else if NEVER_NAMES.contains(&&*name) {
        cx.error(
            &rules::KEYWORD_NAME,
            ident.span(),
            format!("`{name}` cannot be a name"),
        )
        .help(format!(
            "choose another, with `#[name(\"{name}\")]` if peers know it so"
        ));
    } else if written == name && is_keyword(&name) {
        cx.error(
            &rules::KEYWORD_NAME,
            ident.span(),
            format!("`{name}` is a keyword"),
        )
        .help(format!("write `r#{name}`; on the wire it is `{name}`"));
    }
    name
}

fn not_ascii(cx: &mut Diagnostics, name: &str, span: Span) {
    cx.error(
        &rules::ASCII_IDENTIFIER,
        span,
        format!("`{name}` is not an ASCII name"),
    )
    .help(format!(
        "choose an ASCII name, with `#[name(\"{name}\")]` for the wire"
    ));
}
