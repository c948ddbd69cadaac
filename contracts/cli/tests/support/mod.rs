//! The command, called as a user calls it.

use std::fs;
use std::path::Path;
use std::process::{Command, Output};

pub(crate) const HEADER: &str = "#![contract(package = \"acme.users.v1\")]\n\n";

/// A folder with contract files in it.
pub(crate) fn folder(files: &[(&str, &str)]) -> tempfile::TempDir {
    let folder = tempfile::tempdir().expect("a folder");
    for (path, text) in files {
        let path = folder.path().join(path);
        fs::create_dir_all(path.parent().unwrap_or(folder.path())).expect("a folder");
        fs::write(path, format!("{HEADER}{text}")).expect("written");
    }
    folder
}

pub(crate) fn anywire(folder: &Path, args: &[&str]) -> Output {
    let mut command = Command::new(env!("CARGO_BIN_EXE_anywire"));
    command
        .current_dir(folder)
        .args(args)
        .output()
        .expect("the command runs")
}

pub(crate) fn assert_ends(output: &Output, code: i32) {
    assert_eq!(
        output.status.code(),
        Some(code),
        "{}{}",
        stdout(output),
        stderr(output)
    );
}

pub(crate) fn stdout(output: &Output) -> String {
    String::from_utf8_lossy(&output.stdout).into_owned()
}

pub(crate) fn stderr(output: &Output) -> String {
    String::from_utf8_lossy(&output.stderr).into_owned()
}
