//! What a command has to tell.

/// What goes where.
#[derive(Debug, Default)]
pub(crate) struct Report {
    /// What was asked for, for standard output.
    pub(crate) text: String,
    /// What there is to say about it, for standard error.
    pub(crate) summary: String,
    pub(crate) has_errors: bool,
}

/// `1 file`, `2 files`
pub(crate) fn count(count: usize, what: &str) -> String {
    format!("{count} {what}{}", if count == 1 { "" } else { "s" })
}
