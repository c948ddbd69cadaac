//! Calls that cannot be answered.

use std::path::PathBuf;
use std::{fmt, io};

use anywire_contracts::ReadError;

/// A call that cannot be answered.
#[derive(Debug)]
pub(crate) enum WrongCall {
    Read(ReadError),
    NoSuchFile(PathBuf),
    Folder(PathBuf),
    NotInRoot { file: PathBuf, root: PathBuf },
    JsonOnly(PathBuf),
    Write { path: PathBuf, source: io::Error },
}

impl fmt::Display for WrongCall {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Read(error) => error.fmt(f),
            Self::NoSuchFile(file) => write!(f, "there is no file {}", file.display()),
            Self::Folder(folder) => {
                write!(
                    f,
                    "{} is a folder; check all of it with `--root {0}`",
                    folder.display()
                )
            }
            Self::NotInRoot { file, root } => {
                write!(
                    f,
                    "{} is not a contract file (`*.rs`) below {}",
                    file.display(),
                    root.display()
                )
            }
            Self::JsonOnly(path) => {
                write!(
                    f,
                    "{} holds nothing that is encoded as protobuf: write `encodings(json, proto)` in the head of a contract file",
                    path.display()
                )
            }
            Self::Write { path, source } => write!(f, "cannot write {}: {source}", path.display()),
        }
    }
}
