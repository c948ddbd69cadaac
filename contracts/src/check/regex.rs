//! `pattern = ".."`: regular expressions that mean the same everywhere.
//!
//! A pattern is checked by Rust servers and published in JSON Schema, where it
//! is ECMA-262. So it must be what both know, with one meaning, and what the
//! small engine of the runtime can do.

use proc_macro2::Span;
use regex_syntax::ast::{
    self, Ast, ClassSetItem, Error, ErrorKind, GroupKind, HexLiteralKind, Literal, LiteralKind,
    RepetitionKind, RepetitionRange, SpecialLiteralKind,
};

use crate::diag::Diagnostics;
use crate::rules;

pub(super) fn check(cx: &mut Diagnostics, pattern: &str, span: Span) {
    let fault = match ast::parse::Parser::new().parse(pattern) {
        Err(error) => Some(parse_fault(&error)),
        Ok(ast) => ast::visit(&ast, Portable { pattern })
            .err()
            .or_else(|| engine_fault(pattern)),
    };
    if let Some(Fault { what, column, help }) = fault {
        let column = column.map_or_else(String::new, |column| {
            format!(" (column {column} of the pattern)")
        });
        cx.error(
            &rules::INVALID_PATTERN,
            span,
            format!("invalid pattern: {what}{column}"),
        )
        .help(help);
    }
}

/// What ECMA-262 lets a backslash stand before, apart from letters and digits.
const ESCAPED: &str = "^$\\.*+?()[]{}|/";

struct Fault {
    what: String,
    column: Option<usize>,
    help: String,
}

fn fault<T>(
    what: impl Into<String>,
    span: &ast::Span,
    help: impl Into<String>,
) -> Result<T, Fault> {
    Err(Fault {
        what: what.into(),
        column: Some(span.start.column),
        help: help.into(),
    })
}

fn parse_fault(error: &Error) -> Fault {
    let (what, help) = match error.kind() {
        ErrorKind::UnsupportedLookAround => (
            "look-around is not supported".to_owned(),
            "say what the text is, not what stands beside it",
        ),
        ErrorKind::UnsupportedBackreference => (
            "back references are not supported".to_owned(),
            "write the part out again",
        ),
        kind => (
            kind.to_string(),
            "write a regular expression such as `^[a-z]+$`",
        ),
    };
    Fault {
        what,
        column: Some(error.span().start.column),
        help: help.to_owned(),
    }
}

/// What is left: limits of the engine.
fn engine_fault(pattern: &str) -> Option<Fault> {
    let error = regex_lite::Regex::new(pattern).err()?;
    Some(Fault {
        what: error.to_string(),
        column: None,
        help: "make it smaller".to_owned(),
    })
}

/// Refuses what only Rust knows, or knows with another meaning.
struct Portable<'a> {
    pattern: &'a str,
}

impl Portable<'_> {
    fn text(&self, span: &ast::Span) -> &str {
        self.pattern
            .get(span.start.offset..span.end.offset)
            .unwrap_or_default()
    }

    fn literal(&self, literal: &Literal, in_class: bool) -> Result<(), Fault> {
        let text = self.text(&literal.span);
        let span = &literal.span;
        match literal.kind {
            LiteralKind::Verbatim if !in_class && matches!(literal.c, ']' | '}') => fault(
                format!("`{text}` stands alone"),
                span,
                format!("write `\\{text}`"),
            ),
            LiteralKind::Verbatim => Ok(()),
            LiteralKind::Meta | LiteralKind::Superfluous
                if ESCAPED.contains(literal.c) || (in_class && literal.c == '-') =>
            {
                Ok(())
            }
            LiteralKind::Meta | LiteralKind::Superfluous => fault(
                format!("`{text}` is not an escape of ECMA-262"),
                span,
                format!("write `{}`", literal.c),
            ),
            LiteralKind::Octal => fault(
                "octal escapes are not supported",
                span,
                "write `\\xNN` or `\\uNNNN`",
            ),
            LiteralKind::HexFixed(HexLiteralKind::X | HexLiteralKind::UnicodeShort) => Ok(()),
            LiteralKind::HexBrace(HexLiteralKind::UnicodeShort) => Ok(()),
            LiteralKind::HexFixed(HexLiteralKind::UnicodeLong) | LiteralKind::HexBrace(_) => fault(
                format!("`{text}` is not an escape of ECMA-262"),
                span,
                "write `\\u{..}`",
            ),
            LiteralKind::Special(SpecialLiteralKind::Bell | SpecialLiteralKind::Space) => fault(
                format!("`{text}` is not an escape of ECMA-262"),
                span,
                "write `\\xNN`",
            ),
            LiteralKind::Special(_) => Ok(()),
        }
    }
}

impl ast::Visitor for Portable<'_> {
    type Output = ();
    type Err = Fault;

    fn finish(self) -> Result<(), Fault> {
        Ok(())
    }

    fn visit_pre(&mut self, ast: &Ast) -> Result<(), Fault> {
        match ast {
            Ast::Empty(_)
            | Ast::Dot(_)
            | Ast::Alternation(_)
            | Ast::Concat(_)
            | Ast::ClassBracketed(_)
            | Ast::ClassPerl(_) => Ok(()),
            Ast::Flags(flags) => fault(
                "flags are not supported",
                &flags.span,
                "write both cases out: `[Aa]`",
            ),
            Ast::Literal(literal) => self.literal(literal, false),
            Ast::Assertion(assertion) => match self.text(&assertion.span) {
                "^" | "$" | "\\b" | "\\B" => Ok(()),
                text => {
                    let help = "use `^`, `$`, `\\b` and `\\B`";
                    fault(
                        format!("`{text}` is not an assertion of ECMA-262"),
                        &assertion.span,
                        help,
                    )
                }
            },
            Ast::ClassUnicode(class) => unicode_class(&class.span),
            Ast::Repetition(repetition) => match &repetition.op.kind {
                RepetitionKind::Range(RepetitionRange::Bounded(..))
                    if self.text(&repetition.op.span).starts_with("{,") =>
                {
                    fault(
                        "the repetition has no least number",
                        &repetition.op.span,
                        "write `{0,..}`",
                    )
                }
                _ => Ok(()),
            },
            Ast::Group(group) => match &group.kind {
                GroupKind::CaptureIndex(_) => Ok(()),
                GroupKind::CaptureName {
                    starts_with_p: false,
                    ..
                } => Ok(()),
                GroupKind::CaptureName { .. } => fault(
                    "`(?P<..>` is not a group of ECMA-262",
                    &group.span,
                    "write `(?<..>`",
                ),
                GroupKind::NonCapturing(flags) if flags.items.is_empty() => Ok(()),
                GroupKind::NonCapturing(flags) => fault(
                    "flags are not supported",
                    &flags.span,
                    "write both cases out: `[Aa]`",
                ),
            },
        }
    }

    fn visit_class_set_item_pre(&mut self, item: &ClassSetItem) -> Result<(), Fault> {
        match item {
            ClassSetItem::Empty(_) | ClassSetItem::Union(_) => Ok(()),
            ClassSetItem::Literal(literal) => self.literal(literal, true),
            ClassSetItem::Range(range) => {
                self.literal(&range.start, true)?;
                self.literal(&range.end, true)
            }
            ClassSetItem::Perl(_) => Ok(()),
            ClassSetItem::Unicode(class) => unicode_class(&class.span),
            ClassSetItem::Ascii(class) => fault(
                "`[:..:]` is not a class of ECMA-262",
                &class.span,
                "write the ranges out: `[A-Za-z]`",
            ),
            ClassSetItem::Bracketed(class) => {
                let help = "write the ranges into one class, and `\\[` for a bracket";
                fault(
                    "classes inside classes are not supported",
                    &class.span,
                    help,
                )
            }
        }
    }

    fn visit_class_set_binary_op_pre(&mut self, op: &ast::ClassSetBinaryOp) -> Result<(), Fault> {
        fault(
            "operations on classes are not supported",
            &op.span,
            "write the ranges out",
        )
    }
}

fn unicode_class(span: &ast::Span) -> Result<(), Fault> {
    fault(
        "unicode classes are not supported",
        span,
        "write the ranges out, or what may not stand: `[^ ]`",
    )
}

#[cfg(test)]
mod tests {
    use super::check;
    use crate::diag::Diagnostics;

    fn fault(pattern: &str) -> Option<String> {
        let mut cx = Diagnostics::default();
        check(&mut cx, pattern, proc_macro2::Span::call_site());
        cx.finish().pop().map(|finding| finding.message)
    }

    #[test]
    fn portable_patterns() {
        for pattern in [
            "^[^@]+@[^@]+$",
            "^[a-z]{1,3}$",
            "a|b",
            "(?:a)(b)(?<name>c)",
            "\\d+\\.\\w*\\S",
            "[\\-\\]]\\/\\x41\\u0041\\u{1F600}\\n\\t",
            "é漢",
            "a{2}b{2,}c*?",
            "",
        ] {
            assert_eq!(fault(pattern), None, "{pattern}");
        }
    }

    #[test]
    fn other_patterns() {
        for (pattern, expected) in [
            (
                "^ab(?=c)",
                "look-around is not supported (column 4 of the pattern)",
            ),
            (
                "(a)\\1",
                "back references are not supported (column 4 of the pattern)",
            ),
            ("(?i)a", "flags are not supported (column 1 of the pattern)"),
            (
                "(?i:a)",
                "flags are not supported (column 3 of the pattern)",
            ),
            (
                "(?P<a>b)",
                "`(?P<..>` is not a group of ECMA-262 (column 1 of the pattern)",
            ),
            (
                "\\pL",
                "unicode classes are not supported (column 1 of the pattern)",
            ),
            (
                "a\\-b",
                "`\\-` is not an escape of ECMA-262 (column 2 of the pattern)",
            ),
            (
                "a\\z",
                "`\\z` is not an assertion of ECMA-262 (column 2 of the pattern)",
            ),
            (
                "[[:alpha:]]",
                "`[:..:]` is not a class of ECMA-262 (column 2 of the pattern)",
            ),
            (
                "[a[b]]",
                "classes inside classes are not supported (column 3 of the pattern)",
            ),
            (
                "[a&&b]",
                "operations on classes are not supported (column 2 of the pattern)",
            ),
            (
                "\\x{41}",
                "`\\x{41}` is not an escape of ECMA-262 (column 1 of the pattern)",
            ),
            (
                "\\U00000041",
                "`\\U00000041` is not an escape of ECMA-262 (column 1 of the pattern)",
            ),
            (
                "\\a",
                "`\\a` is not an escape of ECMA-262 (column 1 of the pattern)",
            ),
            (
                "a\\#",
                "`\\#` is not an escape of ECMA-262 (column 2 of the pattern)",
            ),
            ("a]", "`]` stands alone (column 2 of the pattern)"),
            ("(", "unclosed group (column 1 of the pattern)"),
        ] {
            assert_eq!(
                fault(pattern),
                Some(format!("invalid pattern: {expected}")),
                "{pattern}"
            );
        }
        assert!(fault("(?:a{1000}){1000}").is_some());
    }
}
