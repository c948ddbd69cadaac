//! `#![contract(package = "acme.users.v1", rename_all = "camelCase", encodings(json, proto))]`.

use proc_macro2::{Delimiter, Group, Span};

use super::value::text;
use crate::diag::Diagnostics;
use crate::model::{Header, RenameRule, Spanned};
use crate::parse::cursor::Cursor;
use crate::rules;
use crate::similar::similar;

const OPTIONS: &[&str] = &["package", "rename_all", "encodings"];

const RENAME_RULES: &[(&str, RenameRule)] = &[
    ("camelCase", RenameRule::Camel),
    ("snake_case", RenameRule::Snake),
    ("PascalCase", RenameRule::Pascal),
    ("kebab-case", RenameRule::Kebab),
    ("SCREAMING_SNAKE_CASE", RenameRule::ScreamingSnake),
];

/// Reads the options of a header. `at` is where a missing package is reported.
pub(crate) fn read(cx: &mut Diagnostics, tokens: Cursor, at: Span) -> Header {
    let before = cx.count();
    let mut package = None;
    let mut rename_all = None;
    let mut proto = None;
    let mut seen: Vec<String> = Vec::new();
    for mut piece in tokens.split_commas(cx) {
        let Some(key) = piece.eat_ident() else {
            piece.expected(cx, "`package`, `rename_all` or `encodings`");
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
            "package" => package = package_name(cx, &mut piece, key.span()),
            "rename_all" => rename_all = rename_rule(cx, &mut piece, key.span()),
            "encodings" => match piece.eat_group(Delimiter::Parenthesis) {
                Some(list) => proto = encodings(cx, &list, key.span()),
                None => wrong(cx, key.span(), "encodings(json, proto)"),
            },
            _ => {
                let help = match similar(&name, OPTIONS.iter().copied()) {
                    Some(known) => format!("a similar name exists: `{known}`"),
                    None => "the options are `package`, `rename_all` and `encodings`".to_owned(),
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
    if package.is_none() && cx.count() == before {
        cx.error(&rules::MISSING_HEADER, at, "the header names no package")
            .help("write `package = \"acme.users.v1\"`, with the breaking version at its end");
    }
    Header {
        package: package.unwrap_or(Spanned {
            value: String::new(),
            span: at,
        }),
        rename_all,
        proto,
    }
}

fn wrong(cx: &mut Diagnostics, span: Span, example: &str) {
    cx.error(
        &rules::ATTRIBUTE_FORM,
        span,
        "the option is not written like this",
    )
    .help(format!("write `{example}`"));
}

fn package_name(cx: &mut Diagnostics, piece: &mut Cursor, key: Span) -> Option<Spanned<String>> {
    let text = if piece.eat_punct('=') {
        text(piece)
    } else {
        None
    };
    let Some(text) = text else {
        wrong(cx, key, "package = \"acme.users.v1\"");
        return None;
    };
    let sound = text.value.split('.').all(|part| {
        part.starts_with(|c: char| c.is_ascii_lowercase())
            && part
                .chars()
                .all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '_')
    });
    if !sound {
        cx.error(
            &rules::BAD_PACKAGE,
            text.span(),
            format!("`{}` is not a package", text.value),
        )
        .help("a package is lower-case names with dots between them, such as `acme.users.v1`");
        return None;
    }
    Some(Spanned {
        span: text.span(),
        value: text.value,
    })
}

fn rename_rule(cx: &mut Diagnostics, piece: &mut Cursor, key: Span) -> Option<RenameRule> {
    let text = if piece.eat_punct('=') {
        text(piece)
    } else {
        None
    };
    let Some(text) = text else {
        wrong(cx, key, "rename_all = \"camelCase\"");
        return None;
    };
    let rule = RENAME_RULES.iter().find(|(name, _)| *name == text.value);
    if rule.is_none() {
        let names: Vec<String> = RENAME_RULES
            .iter()
            .map(|(name, _)| format!("`{name}`"))
            .collect();
        cx.error(
            &rules::UNKNOWN_RENAME_RULE,
            text.span(),
            format!("unknown rename rule `{}`", text.value),
        )
        .help(format!("the rules are {}", names.join(", ")));
    }
    rule.map(|(_, rule)| *rule)
}

/// `encodings(json, proto)`: what the contract can be carried in.
fn encodings(cx: &mut Diagnostics, list: &Group, key: Span) -> Option<Span> {
    let (mut json, mut proto) = (None, None);
    let mut sound = true;
    for mut piece in Cursor::inside(list).split_commas(cx) {
        let span = piece.rest_span();
        let name = piece.eat_ident().map(|ident| ident.to_string());
        let seen = match name.as_deref() {
            Some("json") if piece.is_empty() => &mut json,
            Some("proto") if piece.is_empty() => &mut proto,
            _ => {
                cx.error(&rules::UNKNOWN_ENCODING, span, "unknown encoding")
                    .help("the encodings are `json` and `proto`");
                sound = false;
                continue;
            }
        };
        if seen.replace(span).is_some() {
            let name = name.unwrap_or_default();
            cx.error(
                &rules::DUPLICATE_OPTION,
                span,
                format!("`{name}` is written twice"),
            )
            .help("remove one of the two");
        }
    }
    if json.is_none() && sound {
        cx.error(
            &rules::ATTRIBUTE_FORM,
            key,
            "the encodings leave out `json`",
        )
        .note("every contract can be carried as JSON")
        .help(match proto {
            Some(_) => "write `encodings(json, proto)`",
            None => "write `encodings(json)`, or leave the option out",
        });
    }
    proto
}
