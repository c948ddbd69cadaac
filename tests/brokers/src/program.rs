use std::{
    env,
    path::{Path, PathBuf},
};

/// What `tests/brokers/install` put there.
pub(crate) fn installed(path: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("../../target/brokers")
        .join(path)
}

/// Where a program is: one of these places, or else on the `PATH`.
pub(crate) fn find(name: &str, places: &[PathBuf]) -> Option<PathBuf> {
    let path = env::var_os("PATH").unwrap_or_default();
    let on_path = env::split_paths(&path).map(|folder| folder.join(name));
    places
        .iter()
        .cloned()
        .chain(on_path)
        .find(|file| file.is_file())
}
