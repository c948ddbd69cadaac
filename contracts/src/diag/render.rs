//! A finding as text for people, as JSON for programs, and as `syn::Error` for rustc.

use annotate_snippets::{AnnotationKind, Group, Level, Renderer, Snippet};

use super::{Diagnostic, Place, Severity};
use crate::{Source, json};

/// How findings are printed.
#[derive(Debug, Clone, Copy, Default)]
pub struct Style {
    /// Whether to colour the text for a terminal.
    pub colour: bool,
}

impl Severity {
    /// `error` or `warning`.
    pub fn name(self) -> &'static str {
        match self {
            Self::Warning => "warning",
            Self::Error => "error",
        }
    }
}

impl Diagnostic {
    /// The finding as rustc would print it:
    ///
    /// ```text
    /// error[unknown-type]: unknown type `Uid`
    ///  --> contracts/users.rs:8:13
    ///   |
    /// 8 |     pub id: Uid,
    ///   |             ^^^
    ///   = help: a type with a similar name exists: `Uuid`
    /// ```
    pub fn render(&self, sources: &[Source], style: Style) -> String {
        let level = match self.severity {
            Severity::Warning => Level::WARNING,
            Severity::Error => Level::ERROR,
        };
        let mut group = Group::with_title(level.primary_title(&self.message).id(self.rule.id));
        if let Some(source) = sources.get(self.place.file) {
            let primary = AnnotationKind::Primary
                .span(in_bounds(&self.place, source))
                .label(&self.label);
            let near = self
                .labels
                .iter()
                .filter(|(place, _)| place.file == self.place.file);
            let near = near.map(|(place, text)| {
                AnnotationKind::Context
                    .span(in_bounds(place, source))
                    .label(text)
            });
            group = group.element(snippet(source).annotation(primary).annotations(near));
        }
        for (place, text) in self
            .labels
            .iter()
            .filter(|(place, _)| place.file != self.place.file)
        {
            if let Some(source) = sources.get(place.file) {
                let label = AnnotationKind::Context
                    .span(in_bounds(place, source))
                    .label(text);
                group = group.element(snippet(source).annotation(label));
            }
        }
        let notes = self.notes.iter().map(|text| Level::NOTE.message(text));
        let help = self.help.iter().map(|text| Level::HELP.message(text));
        let group = group.elements(notes).elements(help);
        let renderer = if style.colour {
            Renderer::styled()
        } else {
            Renderer::plain()
        };
        // The last lines of a snippet have a trailing blank in some layouts.
        let text = renderer.render(&[group]);
        text.lines()
            .map(str::trim_end)
            .collect::<Vec<_>>()
            .join("\n")
    }

    /// The finding as one line of JSON: rule, severity, message, file, line,
    /// column, end and help.
    pub fn to_json(&self, sources: &[Source]) -> String {
        let (line, column) = self.place.start(sources);
        let (end_line, end_column) = self.place.end(sources);
        let path = sources
            .get(self.place.file)
            .map_or("", |source| &source.path);
        let help: Vec<String> = self.help.iter().map(|text| json::quote(text)).collect();
        format!(
            "{{\"rule\":{},\"severity\":{},\"message\":{},\"file\":{},\"line\":{line},\"column\":{column},\
             \"end\":{{\"line\":{end_line},\"column\":{end_column}}},\"help\":[{}]}}",
            json::quote(self.rule.id),
            json::quote(self.severity.name()),
            json::quote(&self.message),
            json::quote(path),
            help.join(","),
        )
    }

    /// The finding in one line, as it starts in a build script's output:
    /// `contracts/users.rs:8:13: error[unknown-type]: unknown type`.
    pub fn headline(&self, sources: &[Source]) -> String {
        let (line, column) = self.place.start(sources);
        let path = sources
            .get(self.place.file)
            .map_or("", |source| &source.path);
        format!(
            "{path}:{line}:{column}: {}[{}]: {}",
            self.severity.name(),
            self.rule.id,
            self.message
        )
    }

    /// The finding as an error at its span, for the inline form.
    pub fn to_syn_error(&self) -> syn::Error {
        let mut text = format!("{} [{}]", self.message, self.rule.id);
        for note in self.labels.iter().map(|(_, text)| text).chain(&self.notes) {
            text.push_str("\nnote: ");
            text.push_str(note);
        }
        for help in &self.help {
            text.push_str("\nhelp: ");
            text.push_str(help);
        }
        syn::Error::new(self.place.span, text)
    }
}

fn snippet<'a, T: Clone>(source: &'a Source) -> Snippet<'a, T> {
    Snippet::source(&*source.text).path(&*source.path)
}

/// The bytes of a place, inside the text whatever happens: rendering must not
/// be what fails.
fn in_bounds(place: &Place, source: &Source) -> std::ops::Range<usize> {
    let end = place.bytes.end.min(source.text.len());
    place.bytes.start.min(end)..end
}
