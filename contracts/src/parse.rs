//! From text or tokens to the raw [`File`], spans kept, names not resolved.
//!
//! Reading never fails halfway: each item, field and operation is read alone,
//! so a bad one never hides the others.

pub(crate) mod cursor;
mod delimiters;
mod item;
pub(crate) mod name;
mod sent;
mod service;
mod shape;
mod split;
pub(crate) mod ty;

use proc_macro2::{Delimiter, Span, TokenStream, TokenTree};

use self::cursor::{Cursor, join};
use crate::Source;
use crate::attr::{self, header};
use crate::diag::Diagnostics;
use crate::model::{File, Header, Spanned};
use crate::rules;

/// A contract written inside Rust code.
pub(crate) struct Inline {
    pub(crate) file: File,
    /// The module's `pub`, as written.
    pub(crate) visibility: TokenStream,
}

/// Reads a contract file.
pub(crate) fn file(cx: &mut Diagnostics, source: &Source) -> File {
    let mut file = empty(source);
    check_module_name(cx, source);
    if source.cut {
        let end = source.text.len();
        cx.error(
            &rules::NOT_TEXT,
            end..end,
            "the file is not text from here on",
        )
        .help("contract files are UTF-8; save it as such");
        file.unread = true;
        return file;
    }
    if !delimiters::check(cx, &source.text) {
        file.unread = true;
        return file;
    }
    let tokens: TokenStream = match source.text.parse() {
        Ok(tokens) => tokens,
        Err(error) => {
            let error: proc_macro2::LexError = error;
            cx.error(
                &rules::INVALID_TOKEN,
                error.span(),
                "this is not a token of Rust",
            )
            .help("remove it, or put it into a string");
            file.unread = true;
            return file;
        }
    };
    let mut tokens = Cursor::new(tokens);
    let header = top(cx, &mut tokens, &mut file);
    match header {
        Some(header) => file.header = header,
        None => {
            cx.error(&rules::MISSING_HEADER, 0..0, "the file has no header")
                .help("write `#![contract(package = \"acme.users.v1\")]` at its top");
        }
    }
    item::read_all(cx, tokens, &mut file);
    file
}

/// Reads `#[contract(..)] pub mod users { .. }`.
pub(crate) fn inline(
    cx: &mut Diagnostics,
    header: TokenStream,
    module: TokenStream,
) -> Option<Inline> {
    let mut file = empty(&Source::default());
    file.header = header::read(cx, Cursor::new(header), Span::call_site());
    let mut tokens = Cursor::new(module);
    while tokens.peek_punct('#') {
        tokens.bump();
        let group = tokens.eat_group(Delimiter::Bracket)?;
        match attr::inside(cx, &group) {
            Some(attr) if attr.name == "doc" => file.docs.extend(attr::doc_line(cx, attr)),
            Some(attr) => {
                cx.error(
                    &rules::UNKNOWN_ATTRIBUTE,
                    attr.span,
                    format!("unknown attribute `#[{}]`", attr.name),
                )
                .help("a contract module takes documentation only");
            }
            None => {}
        }
    }
    let mut visibility = TokenStream::new();
    while let Some(token) = tokens.peek() {
        if tokens.peek_word("mod") {
            break;
        }
        visibility.extend([token.clone()]);
        tokens.bump();
    }
    tokens.bump();
    let (Some(name), Some(body)) = (tokens.eat_ident(), tokens.eat_group(Delimiter::Brace)) else {
        tokens.expected(cx, "`mod name { .. }`");
        return None;
    };
    file.path = name.span().file();
    file.module = vec![name.to_string().trim_start_matches("r#").to_owned()];
    let mut tokens = Cursor::inside(&body);
    if top(cx, &mut tokens, &mut file).is_some() {
        cx.error(
            &rules::DUPLICATE_HEADER,
            name.span(),
            "the contract has two headers",
        )
        .help("keep `#[contract(..)]` on the module and remove the one inside");
    }
    item::read_all(cx, tokens, &mut file);
    for import in std::mem::take(&mut file.imports) {
        cx.error(
            &rules::IMPORT_FORM,
            import.name.span,
            "a contract inside Rust code cannot import",
        )
        .help("declare the type in this module, or move the contracts into files");
        file.broken.push(import.name.rust);
    }
    Some(Inline { file, visibility })
}

fn empty(source: &Source) -> File {
    File {
        path: source.path.clone(),
        module: source.module.clone(),
        source: source.text.clone(),
        docs: Vec::new(),
        header: Header {
            package: Spanned {
                value: String::new(),
                span: Span::call_site(),
            },
            rename_all: None,
            proto: None,
        },
        imports: Vec::new(),
        types: Vec::new(),
        services: Vec::new(),
        broken: Vec::new(),
        unread: false,
    }
}

fn check_module_name(cx: &mut Diagnostics, source: &Source) {
    for name in source
        .module
        .iter()
        .filter(|name| !name::can_be_module(name))
    {
        cx.error(
            &rules::FILE_NAME,
            0..0,
            format!("`{name}` cannot be the name of a module"),
        )
        .help("a contract file becomes a module: name it with letters, digits and `_`");
    }
}

/// Reads the docs and the header at the top of a file.
fn top(cx: &mut Diagnostics, tokens: &mut Cursor, file: &mut File) -> Option<Header> {
    let mut header: Option<(Header, Span)> = None;
    while let Some(inner) = next_is_top(tokens) {
        let start = tokens.span();
        tokens.bump();
        tokens.eat_punct('!');
        let Some(group) = tokens.eat_group(Delimiter::Bracket) else {
            tokens.expected(cx, "`[`");
            continue;
        };
        let span = join(start, group.span());
        let Some(attr) = attr::inside(cx, &group) else {
            continue;
        };
        match (&*attr.name, attr.form) {
            ("doc", form) => {
                let attr = attr::Attr {
                    name: attr.name,
                    span: attr.span,
                    form,
                };
                file.docs.extend(attr::doc_line(cx, attr));
            }
            ("contract", attr::Form::List(list)) => {
                if !inner {
                    cx.error(
                        &rules::MISPLACED_ATTRIBUTE,
                        attr.span,
                        "`contract` is about the whole file",
                    )
                    .help("write `#![contract(..)]`");
                }
                if let Some((_, first)) = &header {
                    cx.error(&rules::DUPLICATE_HEADER, span, "the file has two headers")
                        .also(*first, "the first one")
                        .help("keep one of the two");
                } else {
                    header = Some((header::read(cx, Cursor::inside(&list), span), span));
                }
            }
            ("contract", _) => {
                attr::wrong_form(
                    cx,
                    attr.span,
                    "contract",
                    "#![contract(package = \"acme.users.v1\")]",
                );
                header.get_or_insert((file.header.clone(), span));
            }
            ("cfg" | "cfg_attr", _) => {
                cx.error(
                    &rules::CFG,
                    attr.span,
                    "`cfg` is not part of a contract: it is the same for every build",
                )
                .help("remove it; put what belongs to one build into a contract file of its own");
            }
            (name, _) => {
                cx.error(
                    &rules::UNKNOWN_ATTRIBUTE,
                    attr.span,
                    format!("unknown attribute `#![{name}]`"),
                )
                .help("a contract file takes `#![contract(..)]` and documentation");
            }
        }
    }
    header.map(|(header, _)| header)
}

/// Whether the next attribute is about the file, and whether it has its `!`.
fn next_is_top(tokens: &Cursor) -> Option<bool> {
    if !tokens.peek_punct('#') {
        return None;
    }
    match tokens.peek_at(1) {
        Some(TokenTree::Punct(bang)) if bang.as_char() == '!' => Some(true),
        Some(TokenTree::Group(group)) if Cursor::inside(group).peek_word("contract") => Some(false),
        _ => None,
    }
}
