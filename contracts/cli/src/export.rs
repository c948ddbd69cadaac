//! `anywire export`: a contract in the words of others.

use std::fs;
use std::path::{Path, PathBuf};

use anywire_contracts::{ProtoFile, Severity, Source, Style, compile, read};

use crate::report::{Report, count};
use crate::wrong_call::WrongCall;

/// What to export.
#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    #[command(subcommand)]
    format: Format,
}

#[derive(Debug, clap::Subcommand)]
enum Format {
    /// The `.proto` files that other languages compile.
    Proto(Proto),
}

#[derive(Debug, clap::Args)]
struct Proto {
    /// A contract file, or a folder of them.
    #[arg(value_name = "FILE|DIR", default_value = "contracts")]
    path: PathBuf,
    /// The folder that `crate::` means in contracts: the named folder, or that of the named file.
    #[arg(long, value_name = "DIR")]
    root: Option<PathBuf>,
    /// The folder to write the files to; without it they are printed.
    #[arg(long, value_name = "DIR")]
    out: Option<PathBuf>,
}

/// Exports what the arguments name.
pub(crate) fn run(args: &Args, colour: bool) -> Result<Report, WrongCall> {
    let Format::Proto(args) = &args.format;
    let (path, mut report) = (&args.path, Report::default());
    if !path.exists() {
        return Err(WrongCall::NoSuchFile(path.clone()));
    }
    let root = root(args);
    let sources = read(&root).map_err(WrongCall::Read)?.files;
    let wanted: Vec<usize> = (0..sources.len())
        .filter(|index| is_below(&sources[*index], path))
        .collect();
    if wanted.is_empty() && path.is_file() {
        return Err(WrongCall::NotInRoot {
            file: path.clone(),
            root,
        });
    }
    let (contract, findings) = compile(&sources);
    for finding in &findings {
        report.has_errors |= finding.severity == Severity::Error;
        report
            .summary
            .push_str(&finding.render(&sources, Style { colour }));
        report.summary.push_str("\n\n");
    }
    let Some(contract) = contract else {
        return Ok(report);
    };
    let mut files = contract.to_proto();
    files.retain(|file| wanted.contains(&file.source));
    if files.is_empty() {
        return Err(WrongCall::JsonOnly(path.clone()));
    }
    match &args.out {
        Some(folder) => {
            write(folder, &files)?;
            let written = count(files.len(), "file");
            report.summary.push_str(&format!("{written} written\n"));
        }
        None => report.text = printed(&files),
    }
    Ok(report)
}

fn root(args: &Proto) -> PathBuf {
    match (&args.root, args.path.parent()) {
        (Some(root), _) => root.clone(),
        (None, _) if args.path.is_dir() => args.path.clone(),
        (None, Some(folder)) if folder != Path::new("") => folder.to_path_buf(),
        (None, _) => PathBuf::from("."),
    }
}

/// Whether a source is the file, or stands in the folder.
fn is_below(source: &Source, path: &Path) -> bool {
    match (Path::new(&source.path).canonicalize(), path.canonicalize()) {
        (Ok(source), Ok(path)) => source.starts_with(path),
        _ => false,
    }
}

/// One file as it is; several with their names.
fn printed(files: &[ProtoFile]) -> String {
    if let [file] = files {
        return file.text.clone();
    }
    let named = files
        .iter()
        .map(|file| format!("// ---- {}\n{}", file.path, file.text));
    named.collect::<Vec<_>>().join("\n")
}

fn write(folder: &Path, files: &[ProtoFile]) -> Result<(), WrongCall> {
    for file in files {
        let path = folder.join(&file.path);
        let parent = path.parent().unwrap_or(folder);
        fs::create_dir_all(parent)
            .and_then(|()| fs::write(&path, &file.text))
            .map_err(|source| WrongCall::Write {
                path: path.clone(),
                source,
            })?;
    }
    Ok(())
}
