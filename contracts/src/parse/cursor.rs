//! A place in a list of tokens.
//!
//! The contract language is a closed set of forms, so it is read with this
//! cursor and not with syn's grammar of all of Rust: a new Rust syntax cannot
//! slip in, every mistake gets our words, and reading can go on behind it.

use std::rc::Rc;

use proc_macro2::{Delimiter, Group, Ident, Literal, Spacing, Span, TokenStream, TokenTree};

use crate::diag::Diagnostics;
use crate::rules;

#[derive(Debug, Clone)]
pub(crate) struct Cursor {
    /// Shared: a cursor is cloned to look ahead.
    tokens: Rc<[TokenTree]>,
    next: usize,
    /// Where a missing token is reported.
    end: Span,
}

impl Cursor {
    /// Over all tokens of a file or item.
    pub(crate) fn new(tokens: TokenStream) -> Self {
        let mut flat = Vec::new();
        flatten(tokens, &mut flat);
        Self::over(flat, Span::call_site())
    }

    /// Over what stands between the brackets.
    pub(crate) fn inside(group: &Group) -> Self {
        let mut flat = Vec::new();
        flatten(group.stream(), &mut flat);
        Self {
            tokens: flat.into(),
            next: 0,
            end: group.span_close(),
        }
    }

    pub(crate) fn over(tokens: Vec<TokenTree>, fallback: Span) -> Self {
        let end = tokens.last().map_or(fallback, last_span);
        Self {
            tokens: tokens.into(),
            next: 0,
            end,
        }
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.next >= self.tokens.len()
    }

    /// How many tokens are left.
    pub(crate) fn rest_len(&self) -> usize {
        self.tokens.len() - self.next.min(self.tokens.len())
    }

    pub(crate) fn peek(&self) -> Option<&TokenTree> {
        self.tokens.get(self.next)
    }

    pub(crate) fn peek_at(&self, ahead: usize) -> Option<&TokenTree> {
        self.tokens.get(self.next + ahead)
    }

    pub(crate) fn bump(&mut self) -> Option<TokenTree> {
        let token = self.tokens.get(self.next).cloned();
        self.next += usize::from(token.is_some());
        token
    }

    pub(crate) fn skip_all(&mut self) {
        self.next = self.tokens.len();
    }

    /// The span of the next token, or of the end.
    pub(crate) fn span(&self) -> Span {
        self.peek().map_or(self.end, first_span)
    }

    /// The span of all that is left.
    pub(crate) fn rest_span(&self) -> Span {
        let last = self.tokens[self.next.min(self.tokens.len())..].last();
        last.map_or(self.end, |last| join(self.span(), last_span(last)))
    }

    /// The span of the token that was read last.
    pub(crate) fn last_span(&self) -> Span {
        self.next
            .checked_sub(1)
            .and_then(|last| self.tokens.get(last))
            .map_or(self.end, last_span)
    }

    /// The tokens that are left, as text.
    pub(crate) fn text(&self) -> String {
        let left = self.tokens.iter().skip(self.next).cloned();
        left.collect::<TokenStream>().to_string()
    }

    pub(crate) fn peek_punct(&self, punct: char) -> bool {
        matches!(self.peek(), Some(TokenTree::Punct(p)) if p.as_char() == punct)
    }

    /// Several marks written together, such as `->` or `..=`.
    pub(crate) fn peek_puncts(&self, puncts: &str) -> bool {
        let count = puncts.chars().count();
        puncts
            .chars()
            .enumerate()
            .all(|(ahead, expected)| match self.peek_at(ahead) {
                Some(TokenTree::Punct(p)) => {
                    p.as_char() == expected && (ahead + 1 == count || p.spacing() == Spacing::Joint)
                }
                _ => false,
            })
    }

    pub(crate) fn eat_punct(&mut self, punct: char) -> bool {
        let there = self.peek_punct(punct);
        self.next += usize::from(there);
        there
    }

    pub(crate) fn eat_puncts(&mut self, puncts: &str) -> bool {
        let there = self.peek_puncts(puncts);
        if there {
            self.next += puncts.chars().count();
        }
        there
    }

    pub(crate) fn peek_word(&self, word: &str) -> bool {
        matches!(self.peek(), Some(TokenTree::Ident(ident)) if ident == word)
    }

    pub(crate) fn eat_word(&mut self, word: &str) -> bool {
        let there = self.peek_word(word);
        self.next += usize::from(there);
        there
    }

    pub(crate) fn peek_group(&self, delimiter: Delimiter) -> bool {
        matches!(self.peek(), Some(TokenTree::Group(group)) if group.delimiter() == delimiter)
    }

    pub(crate) fn eat_group(&mut self, delimiter: Delimiter) -> Option<Group> {
        match self.peek() {
            Some(TokenTree::Group(group)) if group.delimiter() == delimiter => {
                let group = group.clone();
                self.next += 1;
                Some(group)
            }
            _ => None,
        }
    }

    pub(crate) fn eat_ident(&mut self) -> Option<Ident> {
        match self.peek() {
            Some(TokenTree::Ident(ident)) => {
                let ident = ident.clone();
                self.next += 1;
                Some(ident)
            }
            _ => None,
        }
    }

    pub(crate) fn eat_literal(&mut self) -> Option<Literal> {
        match self.peek() {
            Some(TokenTree::Literal(literal)) => {
                let literal = literal.clone();
                self.next += 1;
                Some(literal)
            }
            _ => None,
        }
    }

    /// Reports that something else stands here.
    pub(crate) fn expected(&self, cx: &mut Diagnostics, what: &str) {
        let found = match self.peek() {
            None => "the end".to_owned(),
            Some(TokenTree::Group(group)) => match group.delimiter() {
                Delimiter::Parenthesis => "`(`".to_owned(),
                Delimiter::Bracket => "`[`".to_owned(),
                _ => "`{`".to_owned(),
            },
            Some(token) => format!("`{token}`"),
        };
        cx.error(
            &rules::SYNTAX,
            self.span(),
            format!("expected {what}, found {found}"),
        );
    }

    /// Reads a mark or reports that it is missing.
    pub(crate) fn expect_punct(&mut self, cx: &mut Diagnostics, punct: char) -> Option<()> {
        if self.eat_punct(punct) {
            return Some(());
        }
        self.expected(cx, &format!("`{punct}`"));
        None
    }

    /// Reports what is left, if anything is.
    pub(crate) fn expect_end(&mut self, cx: &mut Diagnostics, what: &str) -> Option<()> {
        if self.is_empty() {
            return Some(());
        }
        self.expected(cx, what);
        self.skip_all();
        None
    }

    /// The list of a bracket, cut at its commas. An empty piece is reported.
    pub(crate) fn split_commas(self, cx: &mut Diagnostics) -> Vec<Cursor> {
        let mut pieces = Vec::new();
        let mut piece = Vec::new();
        let end = self.end;
        for token in self.tokens.iter().skip(self.next).cloned() {
            match &token {
                TokenTree::Punct(comma) if comma.as_char() == ',' => {
                    if piece.is_empty() {
                        cx.error(
                            &rules::SYNTAX,
                            comma.span(),
                            "nothing stands before this comma",
                        );
                    } else {
                        let tokens = std::mem::take(&mut piece).into();
                        pieces.push(Cursor {
                            tokens,
                            next: 0,
                            end: comma.span(),
                        });
                    }
                }
                _ => piece.push(token),
            }
        }
        if !piece.is_empty() {
            pieces.push(Cursor {
                tokens: piece.into(),
                next: 0,
                end,
            });
        }
        pieces
    }
}

/// Tokens that came through `macro_rules!` are wrapped in invisible brackets.
fn flatten(tokens: TokenStream, into: &mut Vec<TokenTree>) {
    for token in tokens {
        match token {
            TokenTree::Group(group) if group.delimiter() == Delimiter::None => {
                flatten(group.stream(), into)
            }
            token => into.push(token),
        }
    }
}

fn first_span(token: &TokenTree) -> Span {
    match token {
        TokenTree::Group(group) => group.span_open(),
        token => token.span(),
    }
}

fn last_span(token: &TokenTree) -> Span {
    match token {
        TokenTree::Group(group) => group.span_close(),
        token => token.span(),
    }
}

/// Both spans and what stands between; the first alone where rustc cannot join.
pub(crate) fn join(first: Span, last: Span) -> Span {
    first.join(last).unwrap_or(first)
}
