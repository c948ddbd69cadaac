//! Items: which one it is, and its `use`s and aliases. The rest have rooms of their own.

use proc_macro2::{Delimiter, Span, TokenTree};

use super::cursor::{Cursor, join};
use super::{name, service, shape, split, ty};
use crate::attr::{self, On};
use crate::diag::Diagnostics;
use crate::model::{File, Import, Name, RenameRule, TypeDef, TypeKind};
use crate::rules;

/// Reads every item of a file.
pub(super) fn read_all(cx: &mut Diagnostics, tokens: Cursor, file: &mut File) {
    for item in split::items(tokens) {
        let declared = declared_name(item.clone());
        if read(cx, item, file).is_none() {
            file.broken.extend(declared);
        }
    }
}

/// What an item declares, even if the rest of it cannot be read.
fn declared_name(mut item: Cursor) -> Option<String> {
    while let Some(token) = item.bump() {
        if let TokenTree::Ident(word) = token
            && matches!(&*word.to_string(), "struct" | "enum" | "trait" | "type")
        {
            return item
                .eat_ident()
                .map(|name| name.to_string().trim_start_matches("r#").to_owned());
        }
    }
    None
}

/// `pub`, `pub(crate)` or nothing.
#[derive(Debug, Clone, Copy)]
pub(super) enum Visibility {
    Inherited,
    Public(Span),
    Limited(Span),
}

pub(super) fn visibility(tokens: &mut Cursor) -> Visibility {
    let span = tokens.span();
    if !tokens.eat_word("pub") {
        return Visibility::Inherited;
    }
    if let Some(TokenTree::Group(group)) = tokens.peek()
        && group.delimiter() == Delimiter::Parenthesis
        && ["crate", "super", "self", "in"]
            .iter()
            .any(|word| Cursor::inside(group).peek_word(word))
    {
        let span = join(span, group.span_close());
        tokens.bump();
        return Visibility::Limited(span);
    }
    Visibility::Public(span)
}

/// A contract hides nothing: everything in it is on the wire.
pub(super) fn expect_public(cx: &mut Diagnostics, visibility: Visibility, what: &str, at: Span) {
    match visibility {
        Visibility::Public(_) => {}
        Visibility::Limited(span) => {
            cx.error(
                &rules::VISIBILITY,
                span,
                format!("{what} is not visible everywhere"),
            )
            .help("write `pub`");
        }
        Visibility::Inherited => {
            cx.error(&rules::VISIBILITY, at, format!("{what} is not `pub`"))
                .help("write `pub` before it: all of a contract is public");
        }
    }
}

pub(super) fn expect_no_visibility(cx: &mut Diagnostics, visibility: Visibility, what: &str) {
    if let Visibility::Public(span) | Visibility::Limited(span) = visibility {
        cx.error(&rules::VISIBILITY, span, format!("{what} take no `pub`"))
            .help("remove `pub`");
    }
}

fn read(cx: &mut Diagnostics, mut item: Cursor, file: &mut File) -> Option<()> {
    let rename = file.header.rename_all;
    let raw = attr::raw(cx, &mut item);
    if item.is_empty() {
        item.expected(cx, "an item");
        return None;
    }
    let visibility = visibility(&mut item);
    let span = item.span();
    match item.peek() {
        Some(TokenTree::Ident(word)) => match &*word.to_string() {
            "use" => {
                attr::read(cx, raw, On::Alias);
                expect_no_visibility(cx, visibility, "imports");
                item.bump();
                match imports(cx, item.clone(), &file.module) {
                    Some(imports) => file.imports.extend(imports),
                    None => file.broken.extend(names_of_import(item)),
                }
            }
            "type" => {
                item.bump();
                file.types.push(alias(cx, item, raw, visibility)?);
            }
            "struct" => {
                item.bump();
                file.types
                    .push(shape::structure(cx, item, raw, visibility, rename)?);
            }
            "enum" => {
                item.bump();
                file.types
                    .push(shape::enumeration(cx, item, raw, visibility, rename)?);
            }
            "trait" => {
                item.bump();
                file.services
                    .push(service::read(cx, item, raw, visibility, rename)?);
            }
            word => {
                foreign(cx, word, span);
                return None;
            }
        },
        Some(TokenTree::Punct(punct)) if punct.as_char() == ';' => {
            cx.error(&rules::SYNTAX, span, "this `;` ends nothing")
                .help("remove it");
        }
        _ => {
            item.expected(cx, "an item");
            return None;
        }
    }
    Some(())
}

fn foreign(cx: &mut Diagnostics, word: &str, span: Span) {
    let help = match word {
        "fn" | "async" | "unsafe" | "const" | "extern" => {
            "operations stand in a trait: `#[service] pub trait Users { .. }`"
        }
        "mod" => "a contract file is a module; put other modules into files of their own",
        "impl" => "implement the generated types in ordinary Rust code",
        _ => "put it into ordinary Rust code",
    };
    cx.error(
        &rules::NOT_IN_CONTRACT,
        span,
        format!("`{word}` is not part of a contract"),
    )
    .note("a contract holds `struct`, `enum`, `type`, `use` and `#[service] trait`")
    .help(help);
}

/// `pub type Users = Vec<User>;`
fn alias(
    cx: &mut Diagnostics,
    mut item: Cursor,
    raw: Vec<attr::Attr>,
    visibility: Visibility,
) -> Option<TypeDef> {
    let attrs = attr::read(cx, raw, On::Alias);
    let ident = expect_name(cx, &mut item, "the name of the alias")?;
    let name = name::declared(cx, &ident);
    expect_public(cx, visibility, &format!("`{}`", name.rust), ident.span());
    no_generics(cx, &item, &name)?;
    item.expect_punct(cx, '=')?;
    let ty = ty::read(cx, &mut item);
    item.expect_punct(cx, ';')?;
    Some(TypeDef {
        name,
        docs: attrs.docs,
        deprecated: attrs.deprecated,
        reserved: attrs.reserved,
        kind: TypeKind::Alias(ty),
    })
}

pub(super) fn expect_name(
    cx: &mut Diagnostics,
    item: &mut Cursor,
    what: &str,
) -> Option<proc_macro2::Ident> {
    let ident = item.eat_ident();
    if ident.is_none() {
        item.expected(cx, what);
    }
    ident
}

/// Reports type parameters behind a name.
pub(super) fn no_generics(cx: &mut Diagnostics, item: &Cursor, name: &Name) -> Option<()> {
    if !item.peek_punct('<') {
        return Some(());
    }
    cx.error(
        &rules::GENERIC_TYPE,
        item.span(),
        format!("`{}<..>`: contracts cannot be generic", name.rust),
    )
    .help("declare it once for each type it is used with");
    None
}

/// `use crate::common::Money;` and `use crate::common::{Money, Currency};`
fn imports(cx: &mut Diagnostics, mut item: Cursor, here: &[String]) -> Option<Vec<Import>> {
    let start = item.span();
    let first = expect_name(cx, &mut item, "`crate` or `super`")?;
    let mut module = match &*first.to_string() {
        "crate" => Vec::new(),
        "super" => here
            .split_last()
            .map(|(_, parents)| parents.to_vec())
            .unwrap_or_default(),
        word => {
            cx.error(
                &rules::IMPORT_FORM,
                start,
                format!("an import starts with `crate` or `super`, not `{word}`"),
            )
            .note("`crate` is the folder of the contract files")
            .help("write `use crate::common::Money;`");
            return None;
        }
    };
    let mut names = Vec::new();
    loop {
        if !item.eat_puncts("::") {
            item.expected(cx, "`::`");
            return None;
        }
        if let Some(group) = item.eat_group(Delimiter::Brace) {
            for mut piece in Cursor::inside(&group).split_commas(cx) {
                let ident = expect_name(cx, &mut piece, "the name of a type")?;
                import_end(cx, &mut piece)?;
                names.push(ident);
            }
            break;
        }
        if item.peek_punct('*') {
            cx.error(
                &rules::IMPORT_FORM,
                item.span(),
                "an import names each type",
            )
            .help("write `use crate::common::{Money, Currency};`");
            return None;
        }
        let ident = expect_name(cx, &mut item, "a name")?;
        if !item.peek_puncts("::") {
            if ident == "super" || ident == "crate" {
                cx.error(
                    &rules::IMPORT_FORM,
                    ident.span(),
                    "an import ends with the name of a type",
                )
                .help("write `use crate::common::Money;`");
                return None;
            }
            names.push(ident);
            break;
        }
        if ident == "super" {
            module.pop();
        } else {
            module.push(ident.to_string().trim_start_matches("r#").to_owned());
        }
    }
    import_end(cx, &mut item)?;
    let imports = names.iter().map(|ident| Import {
        module: module.clone(),
        name: name::declared(cx, ident),
        target: None,
    });
    Some(imports.collect())
}

fn import_end(cx: &mut Diagnostics, item: &mut Cursor) -> Option<()> {
    if item.peek_word("as") {
        cx.error(&rules::IMPORT_FORM, item.span(), "an import cannot rename")
            .help("a type has one name on the wire; use it here too");
        return None;
    }
    item.eat_punct(';');
    item.expect_end(cx, "`;`")
}

/// What a `use` that is wrong would have brought in: the last names, or `*`.
fn names_of_import(mut item: Cursor) -> Vec<String> {
    let mut names = Vec::new();
    while let Some(token) = item.bump() {
        match token {
            TokenTree::Group(group) => names.extend(names_of_import(Cursor::inside(&group))),
            TokenTree::Ident(ident) if !item.peek_punct(':') => {
                names.push(ident.to_string().trim_start_matches("r#").to_owned());
            }
            TokenTree::Punct(star) if star.as_char() == '*' => names.push("*".to_owned()),
            _ => {}
        }
    }
    names
}

/// How members of a file are renamed, handed down to all that have names.
pub(super) type Rename = Option<RenameRule>;
