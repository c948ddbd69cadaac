//! Brackets, before there are tokens.
//!
//! A tokeniser meets an unclosed bracket at the end of the file and can say no
//! more than that. This scan keeps the openers, so the finding points at the
//! one that was never closed.

use std::ops::Range;

use crate::diag::Diagnostics;
use crate::rules;

/// Deeper than any contract; keeps every later pass off the end of the stack.
const MAX_DEPTH: usize = 64;

/// Whether the text's brackets, strings and comments are all closed.
pub(super) fn check(cx: &mut Diagnostics, text: &str) -> bool {
    let mut scan = Scan { text, at: 0 };
    let mut open: Vec<(u8, usize)> = Vec::new();
    while let Some(token) = scan.next() {
        match token {
            Token::Open(byte, at) => {
                open.push((byte, at));
                if open.len() > MAX_DEPTH {
                    cx.error(
                        &rules::TOO_DEEP,
                        at..at + 1,
                        format!("brackets nest more than {MAX_DEPTH} deep"),
                    )
                    .help("no contract needs that many; take some away");
                    return false;
                }
            }
            Token::Close(byte, at) => match open.pop() {
                Some((opener, _)) if closer_of(opener) == byte => {}
                Some((opener, opened)) => {
                    unclosed(cx, text, opener, opened).also(
                        at..at + 1,
                        format!("this `{}` closes something else", byte as char),
                    );
                    return false;
                }
                None => {
                    cx.error(
                        &rules::UNCLOSED_DELIMITER,
                        at..at + 1,
                        format!("this `{}` closes nothing", byte as char),
                    )
                    .help("remove it, or open it before");
                    return false;
                }
            },
            Token::Unterminated(what, range) => {
                cx.error(
                    &rules::INVALID_TOKEN,
                    range,
                    format!("this {what} never ends"),
                )
                .help(format!("close the {what}"));
                return false;
            }
        }
    }
    if let Some((opener, at)) = open.pop() {
        unclosed(cx, text, opener, at);
        return false;
    }
    true
}

fn unclosed<'a>(
    cx: &'a mut Diagnostics,
    text: &str,
    opener: u8,
    at: usize,
) -> &'a mut crate::diag::Diagnostic {
    let before = text[..at].trim_end();
    let word_start = before
        .rfind(|c: char| !is_word(c))
        .map_or(0, |last| last + last_len(before, last));
    let word = &before[word_start..];
    let owner = if word.is_empty() {
        String::new()
    } else {
        format!(" in `{word}`")
    };
    cx.error(
        &rules::UNCLOSED_DELIMITER,
        at..at + 1,
        format!(
            "unclosed delimiter: this `{}`{owner} is never closed",
            opener as char
        ),
    )
    .help(format!("close it with `{}`", closer_of(opener) as char))
}

fn last_len(text: &str, at: usize) -> usize {
    text[at..].chars().next().map_or(0, char::len_utf8)
}

fn is_word(c: char) -> bool {
    c.is_alphanumeric() || c == '_'
}

fn closer_of(opener: u8) -> u8 {
    match opener {
        b'(' => b')',
        b'[' => b']',
        _ => b'}',
    }
}

enum Token {
    Open(u8, usize),
    Close(u8, usize),
    Unterminated(&'static str, Range<usize>),
}

/// Walks the text, stepping over everything in which brackets mean nothing.
struct Scan<'a> {
    text: &'a str,
    at: usize,
}

impl Scan<'_> {
    fn next(&mut self) -> Option<Token> {
        loop {
            let start = self.at;
            let rest = &self.text[start..];
            let c = rest.chars().next()?;
            let skipped = match c {
                '/' if rest.starts_with("//") => Some(rest.find('\n').unwrap_or(rest.len())),
                '/' if rest.starts_with("/*") => match block_comment(rest) {
                    Some(len) => Some(len),
                    None => return Some(self.unterminated("comment", 2)),
                },
                '"' => match string(rest) {
                    Some(len) => Some(len),
                    None => return Some(self.unterminated("string", 1)),
                },
                '\'' => Some(character(rest)),
                c if is_word(c) => {
                    let word = rest.find(|c| !is_word(c)).unwrap_or(rest.len());
                    match raw_string(&rest[..word], &rest[word..]) {
                        RawString::No => Some(word),
                        RawString::Closed(len) => Some(word + len),
                        RawString::Open => return Some(self.unterminated("string", word)),
                    }
                }
                _ => None,
            };
            match skipped {
                Some(len) => self.at += len,
                None => {
                    self.at += c.len_utf8();
                    match c {
                        '(' | '[' | '{' => return Some(Token::Open(c as u8, start)),
                        ')' | ']' | '}' => return Some(Token::Close(c as u8, start)),
                        _ => {}
                    }
                }
            }
        }
    }

    fn unterminated(&mut self, what: &'static str, opener: usize) -> Token {
        let start = self.at;
        self.at = self.text.len();
        Token::Unterminated(what, start..start + opener)
    }
}

/// The length of a comment, which may hold comments.
fn block_comment(rest: &str) -> Option<usize> {
    let bytes = rest.as_bytes();
    let (mut depth, mut at) = (0usize, 0);
    while at + 1 < bytes.len() {
        match &bytes[at..at + 2] {
            b"/*" => {
                depth += 1;
                at += 2;
            }
            b"*/" => {
                depth -= 1;
                at += 2;
                if depth == 0 {
                    return Some(at);
                }
            }
            _ => at += 1,
        }
    }
    None
}

/// The length of a string with its quotes.
fn string(rest: &str) -> Option<usize> {
    let bytes = rest.as_bytes();
    let mut at = 1;
    loop {
        match bytes.get(at)? {
            b'\\' => at += 2,
            b'"' => return Some(at + 1),
            _ => at += 1,
        }
    }
}

/// The length of a character, or of the quote alone where a lifetime starts.
fn character(rest: &str) -> usize {
    let mut chars = rest.char_indices().skip(1);
    match chars.next() {
        Some((_, '\\')) => {
            let escaped = chars.next().map_or(rest.len(), |(at, c)| at + c.len_utf8());
            rest[escaped..]
                .find('\'')
                .map_or(1, |end| escaped + end + 1)
        }
        Some((_, c)) if c != '\'' => match chars.next() {
            Some((end, '\'')) => end + 1,
            _ => 1,
        },
        _ => 1,
    }
}

enum RawString {
    No,
    Closed(usize),
    Open,
}

/// Whether `word` is the prefix of a raw string that goes on in `rest`.
fn raw_string(word: &str, rest: &str) -> RawString {
    if !matches!(word, "r" | "br" | "cr") {
        return RawString::No;
    }
    let hashes = rest.len() - rest.trim_start_matches('#').len();
    if rest.as_bytes().get(hashes) != Some(&b'"') {
        return RawString::No;
    }
    let closer = format!("\"{}", "#".repeat(hashes));
    match rest[hashes + 1..].find(&closer) {
        Some(end) => RawString::Closed(hashes + 1 + end + closer.len()),
        None => RawString::Open,
    }
}

#[cfg(test)]
mod tests {
    use super::check;
    use crate::diag::Diagnostics;

    fn messages(text: &str) -> Vec<String> {
        let mut cx = Diagnostics::default();
        let sound = check(&mut cx, text);
        let found = cx.finish();
        assert_eq!(sound, found.is_empty());
        found
            .into_iter()
            .map(|finding| format!("{}: {}", finding.place.bytes.start, finding.message))
            .collect()
    }

    #[test]
    fn brackets_in_text_mean_nothing() {
        for text in [
            "",
            "a(b[c]{d})",
            "// (",
            "/* ( /* [ */ { */",
            "\"(\\\"(\"",
            "r#\"(\"(\"#",
            "br\"(\"",
            "'(' '\\'' '\\u{28}'",
            "<'a>(x)",
            "r#type()",
        ] {
            assert_eq!(messages(text), Vec::<String>::new(), "{text}");
        }
    }

    #[test]
    fn the_opener_is_reported() {
        for (text, expected) in [
            (
                "trait A { fn get(id: B -> C; }",
                "16: unclosed delimiter: this `(` in `get` is never closed",
            ),
            (
                "struct A {",
                "9: unclosed delimiter: this `{` in `A` is never closed",
            ),
            ("[", "0: unclosed delimiter: this `[` is never closed"),
            ("a)", "1: this `)` closes nothing"),
            ("\"abc", "0: this string never ends"),
            ("a /* b", "2: this comment never ends"),
            ("r#\"a\"", "0: this string never ends"),
        ] {
            assert_eq!(messages(text), [expected], "{text}");
        }
    }
}
