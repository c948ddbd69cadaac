//! Findings: what is wrong, where, and the way out.
//!
//! A [`Diagnostics`] collects; it panics when it is dropped without anybody
//! having looked at it, so no finding can be forgotten on the way.

mod render;

pub use self::render::Style;

use std::ops::Range;

use proc_macro2::Span;

use crate::Source;
use crate::rules::Rule;

/// How bad a finding is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Severity {
    /// The contract compiles.
    Warning,
    /// The contract does not compile.
    Error,
}

/// One finding.
#[derive(Debug, Clone)]
pub struct Diagnostic {
    /// The rule that was broken.
    pub rule: &'static Rule,
    /// Whether the contract compiles all the same.
    pub severity: Severity,
    /// What is wrong, in one line.
    pub message: String,
    /// The smallest token that is wrong.
    pub place: Place,
    /// What is said at that token; may be empty.
    pub label: String,
    /// Other places that have to do with it.
    pub labels: Vec<(Place, String)>,
    /// Further facts.
    pub notes: Vec<String>,
    /// Ways out.
    pub help: Vec<String>,
}

/// A place in one of the sources.
#[derive(Debug, Clone)]
pub struct Place {
    /// The index of the source.
    pub file: usize,
    /// The bytes of the source's text; empty in the inline form.
    pub bytes: Range<usize>,
    /// The span, for the inline form.
    pub span: Span,
}

impl Place {
    /// The line and the column (in characters) of the start, both from 1.
    pub fn start(&self, sources: &[Source]) -> (usize, usize) {
        self.position(sources, self.bytes.start)
    }

    /// The line and the column just behind the end, both from 1.
    pub fn end(&self, sources: &[Source]) -> (usize, usize) {
        self.position(sources, self.bytes.end)
    }

    fn position(&self, sources: &[Source], byte: usize) -> (usize, usize) {
        let before = sources
            .get(self.file)
            .and_then(|source| source.text.get(..byte))
            .unwrap_or_default();
        let line_start = before.rfind('\n').map_or(0, |newline| newline + 1);
        (
            before.matches('\n').count() + 1,
            before[line_start..].chars().count() + 1,
        )
    }

    fn order(&self) -> (usize, usize, usize, usize) {
        let start = self.span.start();
        (self.file, self.bytes.start, start.line, start.column)
    }
}

/// A span of tokens, or bytes where there are no tokens yet.
#[derive(Debug, Clone)]
pub(crate) enum At {
    Span(Span),
    Bytes(Range<usize>),
}

impl From<Span> for At {
    fn from(span: Span) -> Self {
        Self::Span(span)
    }
}

impl From<Range<usize>> for At {
    fn from(bytes: Range<usize>) -> Self {
        Self::Bytes(bytes)
    }
}

impl At {
    fn in_file(self, file: usize) -> Place {
        match self {
            Self::Span(span) => Place {
                file,
                bytes: span.byte_range(),
                span,
            },
            Self::Bytes(bytes) => Place {
                file,
                bytes,
                span: Span::call_site(),
            },
        }
    }
}

impl Diagnostic {
    /// Says something at the token itself.
    pub(crate) fn label(&mut self, text: impl Into<String>) -> &mut Self {
        self.label = text.into();
        self
    }

    /// Says something at another place of the same file.
    pub(crate) fn also(&mut self, at: impl Into<At>, text: impl Into<String>) -> &mut Self {
        self.also_in(self.place.file, at, text)
    }

    /// Says something at a place of any file.
    pub(crate) fn also_in(
        &mut self,
        file: usize,
        at: impl Into<At>,
        text: impl Into<String>,
    ) -> &mut Self {
        self.labels.push((at.into().in_file(file), text.into()));
        self
    }

    pub(crate) fn note(&mut self, text: impl Into<String>) -> &mut Self {
        self.notes.push(text.into());
        self
    }

    pub(crate) fn help(&mut self, text: impl Into<String>) -> &mut Self {
        self.help.push(text.into());
        self
    }
}

/// Collects findings.
#[derive(Debug, Default)]
pub(crate) struct Diagnostics {
    file: usize,
    found: Vec<Diagnostic>,
    looked_at: bool,
}

impl Diagnostics {
    /// From here on findings are about this source.
    pub(crate) fn enter(&mut self, file: usize) {
        self.file = file;
    }

    pub(crate) fn error(
        &mut self,
        rule: &'static Rule,
        at: impl Into<At>,
        message: impl Into<String>,
    ) -> &mut Diagnostic {
        self.push(rule, Severity::Error, at.into(), message.into())
    }

    pub(crate) fn warning(
        &mut self,
        rule: &'static Rule,
        at: impl Into<At>,
        message: impl Into<String>,
    ) -> &mut Diagnostic {
        self.push(rule, Severity::Warning, at.into(), message.into())
    }

    fn push(
        &mut self,
        rule: &'static Rule,
        severity: Severity,
        at: At,
        message: String,
    ) -> &mut Diagnostic {
        let place = at.in_file(self.file);
        // A message may quote the user's text, and is one line all the same.
        let message = message.replace('\n', "\\n");
        let index = self.found.len();
        self.found.push(Diagnostic {
            rule,
            severity,
            message,
            place,
            label: String::new(),
            labels: Vec::new(),
            notes: Vec::new(),
            help: Vec::new(),
        });
        &mut self.found[index]
    }

    /// How many findings there are so far. Two counts around a piece of work
    /// tell whether it was sound.
    pub(crate) fn count(&self) -> usize {
        self.found.len()
    }

    pub(crate) fn has_errors(&self) -> bool {
        self.found
            .iter()
            .any(|finding| finding.severity == Severity::Error)
    }

    /// All findings in source order.
    pub(crate) fn finish(mut self) -> Vec<Diagnostic> {
        self.looked_at = true;
        let mut found = std::mem::take(&mut self.found);
        found.sort_by_key(|finding| finding.place.order());
        found
    }
}

impl Drop for Diagnostics {
    fn drop(&mut self) {
        assert!(
            self.looked_at || std::thread::panicking(),
            "a collection of diagnostics was dropped without being looked at"
        );
    }
}

#[cfg(test)]
mod tests {
    use super::Diagnostics;

    #[test]
    #[should_panic(expected = "without being looked at")]
    fn forgetting_diagnostics_panics() {
        drop(Diagnostics::default());
    }
}
