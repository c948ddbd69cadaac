//! `anywire check`: every mistake of a contract root, or of some files in it.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use anywire_contracts::{Diagnostic, Severity, Source, Style, compile, read};

use crate::report::{Report, count};
use crate::wrong_call::WrongCall;

/// What to check, and how to tell.
#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    /// Contract files; all below the root if none is named.
    #[arg(value_name = "FILE")]
    files: Vec<PathBuf>,
    /// The folder that `crate::` means in contracts: the folder of each named file, else `contracts`.
    #[arg(long, value_name = "DIR")]
    root: Option<PathBuf>,
    /// `text` for people, or `json`: one object a line.
    #[arg(long, value_enum, default_value_t = Format::Text)]
    format: Format,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
enum Format {
    Text,
    Json,
}

/// Checks what the arguments name.
pub(crate) fn run(args: &Args, colour: bool) -> Result<Report, WrongCall> {
    let mut report = Report::default();
    let (mut files, mut errors, mut warnings) = (0, 0, 0);
    for (root, named) in roots(args)? {
        let sources = read(&root).map_err(WrongCall::Read)?.files;
        let wanted = wanted(&root, &named, &sources)?;
        let (_, findings) = compile(&sources);
        let is_wanted = |finding: &&Diagnostic| wanted.contains(&finding.place.file);
        for finding in findings.iter().filter(is_wanted) {
            match finding.severity {
                Severity::Error => errors += 1,
                Severity::Warning => warnings += 1,
            }
            match args.format {
                Format::Json => report.text.push_str(&finding.to_json(&sources)),
                Format::Text => {
                    report
                        .text
                        .push_str(&finding.render(&sources, Style { colour }));
                    report.text.push('\n');
                }
            }
            report.text.push('\n');
        }
        files += wanted.len();
    }
    report.has_errors = errors > 0;
    if args.format == Format::Text {
        report.summary = format!(
            "{} checked: {}, {}\n",
            count(files, "file"),
            count(errors, "error"),
            count(warnings, "warning")
        );
    }
    Ok(report)
}

/// The roots to read, each with the files that were named in it; none means all.
fn roots(args: &Args) -> Result<Vec<(PathBuf, Vec<PathBuf>)>, WrongCall> {
    for file in &args.files {
        if file.is_dir() {
            return Err(WrongCall::Folder(file.clone()));
        }
        if !file.exists() {
            return Err(WrongCall::NoSuchFile(file.clone()));
        }
    }
    if let Some(root) = &args.root {
        return Ok(vec![(root.clone(), args.files.clone())]);
    }
    if args.files.is_empty() {
        return Ok(vec![(PathBuf::from("contracts"), Vec::new())]);
    }
    let mut roots: Vec<(PathBuf, Vec<PathBuf>)> = Vec::new();
    for file in &args.files {
        let folder = match file.parent() {
            Some(folder) if folder != Path::new("") => folder.to_path_buf(),
            _ => PathBuf::from("."),
        };
        match roots.iter_mut().find(|(root, _)| *root == folder) {
            Some((_, files)) => files.push(file.clone()),
            None => roots.push((folder, vec![file.clone()])),
        }
    }
    Ok(roots)
}

/// The indexes of the sources whose findings are wanted.
fn wanted(
    root: &Path,
    named: &[PathBuf],
    sources: &[Source],
) -> Result<BTreeSet<usize>, WrongCall> {
    if named.is_empty() {
        return Ok((0..sources.len()).collect());
    }
    let same_file = |a: &Path, b: &Path| match (a.canonicalize(), b.canonicalize()) {
        (Ok(a), Ok(b)) => a == b,
        _ => false,
    };
    let index_of = |file: &PathBuf| {
        let found = sources
            .iter()
            .position(|source| same_file(Path::new(&source.path), file));
        found.ok_or_else(|| WrongCall::NotInRoot {
            file: file.clone(),
            root: root.to_path_buf(),
        })
    };
    named.iter().map(index_of).collect()
}
