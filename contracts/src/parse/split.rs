//! Items, told apart before any of them is read.

use proc_macro2::{Delimiter, TokenTree};

use super::cursor::Cursor;

/// Words that start an item of a contract.
const STARTS: &[&str] = &["enum", "mod", "struct", "trait", "type", "use"];

/// Words of items that end with a semicolon even if they hold braces.
const END_WITH_SEMICOLON: &[&str] = &["const", "let", "static", "type", "use"];

/// The tokens of each item, its attributes included.
pub(super) fn items(mut tokens: Cursor) -> Vec<Cursor> {
    let end = tokens.span();
    let mut items = Vec::new();
    let mut item: Vec<TokenTree> = Vec::new();
    let mut word: Option<String> = None;
    while let Some(token) = tokens.bump() {
        // A forgotten semicolon must not swallow the next item.
        if word.is_some() && starts_item(&token) {
            items.push(Cursor::over(std::mem::take(&mut item), end));
            word = None;
        }
        let ends = match &token {
            TokenTree::Punct(punct) => punct.as_char() == ';',
            TokenTree::Group(group) => {
                group.delimiter() == Delimiter::Brace
                    && !word
                        .as_deref()
                        .is_some_and(|word| END_WITH_SEMICOLON.contains(&word))
            }
            TokenTree::Ident(ident) => {
                let name = ident.to_string();
                if word.is_none()
                    && (STARTS.contains(&&*name) || END_WITH_SEMICOLON.contains(&&*name))
                {
                    word = Some(name);
                }
                false
            }
            TokenTree::Literal(_) => false,
        };
        item.push(token);
        if ends {
            items.push(Cursor::over(std::mem::take(&mut item), end));
            word = None;
        }
    }
    if !item.is_empty() {
        items.push(Cursor::over(item, end));
    }
    items
}

fn starts_item(token: &TokenTree) -> bool {
    match token {
        TokenTree::Punct(punct) => punct.as_char() == '#',
        TokenTree::Ident(ident) => {
            let name = ident.to_string();
            name == "pub" || STARTS.contains(&&*name)
        }
        _ => false,
    }
}
