//! What a user's `build.rs` calls. The only room that touches files, the
//! environment and standard output.

use std::path::{Path, PathBuf};
use std::{env, fs, io};

use crate::{CheckedContract, Diagnostic, Options, Severity, Source, Style, compile};

/// Where the code goes, below `OUT_DIR`; the runtime includes it from there.
const GENERATED: &str = "anywire/contracts.rs";

/// Compiles a folder of contract files from a build script.
#[derive(Debug, Clone)]
#[must_use = "nothing is compiled before `run`"]
pub struct Build {
    root: PathBuf,
    options: Options,
    #[cfg(feature = "proto")]
    proto: Option<PathBuf>,
}

impl Build {
    /// All `*.rs` files below `root`, which is relative to the package.
    pub fn new(root: impl Into<PathBuf>) -> Self {
        Self {
            root: root.into(),
            options: Options::default(),
            #[cfg(feature = "proto")]
            proto: None,
        }
    }

    /// Implements serde's `Serialize` and `Deserialize` for every type, by the
    /// codec of the wire: the same names, the same JSON. Needs the feature
    /// `serde` of the runtime.
    pub fn serde(mut self) -> Self {
        self.options.serde = true;
        self
    }

    /// Also writes the contract as `.proto` files, the same as
    /// `anywire export proto --out`: of `contracts/shop/orders.rs`, the file
    /// `shop/orders.proto` in this folder.
    ///
    /// A folder that is not absolute is below `OUT_DIR`, where Cargo wants all
    /// that a build script writes. Nothing is written of a contract with
    /// mistakes, and what contracts that are gone have left there stays.
    /// A contract none of whose files says `encodings(json, proto)` fails the
    /// build, as does a file that cannot be written.
    ///
    /// Needs the feature `proto`. Here the files become the code of another
    /// generator, which needs no protoc:
    ///
    /// ```no_run
    /// # fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// anywire_contracts::Build::new("contracts").proto("proto").run();
    ///
    /// let folder = std::path::Path::new(&std::env::var("OUT_DIR")?).join("proto");
    /// let files = protox::compile(["users.proto"], [folder])?;
    /// prost_build::Config::new().compile_fds(files)?;
    /// # Ok(())
    /// # }
    /// ```
    #[cfg(feature = "proto")]
    pub fn proto(mut self, folder: impl Into<PathBuf>) -> Self {
        self.proto = Some(folder.into());
        self
    }

    /// Compiles, writes `$OUT_DIR/anywire/contracts.rs` and what that includes,
    /// and tells Cargo.
    ///
    /// Mistakes are printed for Cargo, all of them, and fail the build; the
    /// build script itself ends well, because Cargo repeats the whole output
    /// of one that does not.
    pub fn run(self) {
        let Some(out_dir) = env::var_os("OUT_DIR") else {
            say("cargo::error=`OUT_DIR` is not set: contracts are compiled by a build script");
            return;
        };
        for line in self.lines(Path::new(&out_dir)) {
            say(&line);
        }
    }

    /// What there is to tell Cargo.
    fn lines(&self, out_dir: &Path) -> Vec<String> {
        let sources = match read(&self.root) {
            Ok(sources) => sources,
            Err(error) => return vec![watch(&self.root), format!("cargo::error={error}")],
        };
        let mut lines: Vec<String> = sources.watched.iter().map(|path| watch(path)).collect();
        let (contract, findings) = compile(&sources.files);
        for finding in &findings {
            lines.extend(for_cargo(finding, &sources.files));
        }
        let Some(contract) = contract else {
            return lines;
        };
        for (path, bytes) in self.generated(&contract) {
            lines.extend(write(&out_dir.join(path), &bytes));
        }
        #[cfg(feature = "proto")]
        if let Some(folder) = &self.proto {
            lines.extend(self.export(&contract, &out_dir.join(folder)));
        }
        lines
    }

    /// Every file that a contract becomes, by its path below `OUT_DIR`.
    fn generated(&self, contract: &CheckedContract) -> Vec<(PathBuf, Vec<u8>)> {
        let path = Path::new(GENERATED);
        let code = contract.to_rust_with(self.options).into_bytes();
        let sets = contract.to_descriptor_sets().into_iter();
        sets.map(|set| (path.with_file_name(set.name), set.bytes))
            .chain([(path.to_owned(), code)])
            .collect()
    }

    /// Writes the `.proto` files, and says what is wrong with that.
    #[cfg(feature = "proto")]
    fn export(&self, contract: &CheckedContract, folder: &Path) -> Vec<String> {
        let files = contract.to_proto();
        if files.is_empty() {
            let root = display(&self.root);
            return vec![format!(
                "cargo::error={root} holds nothing that is encoded as protobuf: write `encodings(json, proto)` in the head of a contract file"
            )];
        }
        let written = files
            .iter()
            .map(|file| write(&folder.join(&file.path), file.text.as_bytes()));
        written.flatten().collect()
    }
}

/// The files of a contract root.
#[derive(Debug, Clone, Default)]
pub struct Sources {
    /// The files in the order of their paths.
    pub files: Vec<Source>,
    /// What a change of can change the contract: folders and files.
    pub watched: Vec<PathBuf>,
}

/// A contract root that cannot be read.
#[derive(Debug)]
pub struct ReadError {
    /// What could not be read.
    pub path: PathBuf,
    /// Why.
    pub source: io::Error,
}

impl std::fmt::Display for ReadError {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "cannot read {}: {}", display(&self.path), self.source)
    }
}

impl std::error::Error for ReadError {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        Some(&self.source)
    }
}

/// Reads all `*.rs` files below a folder, in the order of their paths.
///
/// # Errors
///
/// If the folder or a file in it cannot be read. A file that is not text is
/// read: it becomes a finding of [`compile`].
pub fn read(root: &Path) -> Result<Sources, ReadError> {
    let mut sources = Sources::default();
    read_folder(root, &mut Vec::new(), &mut sources)?;
    sources.files.sort_by(|a, b| a.module.cmp(&b.module));
    Ok(sources)
}

fn read_folder(
    folder: &Path,
    module: &mut Vec<String>,
    sources: &mut Sources,
) -> Result<(), ReadError> {
    let failed = |path: &Path| {
        let path = path.to_path_buf();
        move |source| ReadError { path, source }
    };
    sources.watched.push(folder.to_path_buf());
    let mut paths = Vec::new();
    for entry in fs::read_dir(folder).map_err(failed(folder))? {
        paths.push(entry.map_err(failed(folder))?.path());
    }
    paths.sort();
    for path in paths {
        let name = path
            .file_stem()
            .unwrap_or_default()
            .to_string_lossy()
            .into_owned();
        // Links to folders are not followed: they can lead in a circle.
        if fs::symlink_metadata(&path).map_err(failed(&path))?.is_dir() {
            module.push(
                path.file_name()
                    .unwrap_or_default()
                    .to_string_lossy()
                    .into_owned(),
            );
            read_folder(&path, module, sources)?;
            module.pop();
        } else if path.extension().is_some_and(|extension| extension == "rs") && path.is_file() {
            let bytes = fs::read(&path).map_err(failed(&path))?;
            let module = module.iter().cloned().chain([name]);
            sources
                .files
                .push(Source::from_bytes(display(&path), module, bytes));
            sources.watched.push(path);
        }
    }
    Ok(())
}

/// Writes only what changed, since Cargo would build everything behind it
/// again, and says what is wrong if it cannot be written.
fn write(path: &Path, bytes: &[u8]) -> Option<String> {
    if fs::read(path).is_ok_and(|old| old == bytes) {
        return None;
    }
    let folder = path.parent().map_or(Ok(()), fs::create_dir_all);
    let error = folder.and_then(|()| fs::write(path, bytes)).err()?;
    let path = display(path);
    Some(format!("cargo::error=cannot write {path}: {error}"))
}

/// A path as it is shown: the same on every system, and without a `./`.
fn display(path: &Path) -> String {
    let shown = path.to_string_lossy().replace('\\', "/");
    shown
        .strip_prefix("./")
        .map_or(shown.clone(), str::to_owned)
}

fn watch(path: &Path) -> String {
    format!("cargo::rerun-if-changed={}", path.display())
}

/// A finding as Cargo shows it: the place first, then the snippet.
fn for_cargo(finding: &Diagnostic, sources: &[Source]) -> Vec<String> {
    let rendered = finding.render(sources, Style::default());
    // The headline says what the first two lines of a rendered finding say.
    let snippet = rendered.lines().skip(2).map(str::to_owned);
    let directive = match finding.severity {
        Severity::Error => "error",
        Severity::Warning => "warning",
    };
    std::iter::once(finding.headline(sources))
        .chain(snippet)
        .map(|line| format!("cargo::{directive}={line}"))
        .collect()
}

#[expect(
    clippy::print_stdout,
    reason = "this is how a build script talks to Cargo"
)]
fn say(line: &str) {
    println!("{line}");
}

#[cfg(test)]
mod tests {
    use std::fs;
    use std::time::{Duration, SystemTime};

    use super::Build;

    const SOUND: &str =
        "#![contract(package = \"acme.users.v1\")]\n\npub struct User {\n    pub id: u32,\n}\n";

    #[test]
    fn every_mistake_of_every_file_is_told_to_cargo() {
        let root = tempfile::tempdir().expect("a folder");
        let (contracts, out) = (root.path().join("contracts"), root.path().join("out"));
        fs::create_dir_all(contracts.join("shop")).expect("a folder");
        let write =
            |path: &str, text: &str| fs::write(contracts.join(path), text).expect("written");
        write("users.rs", &SOUND.replace("u32", "Uid"));
        write("shop/orders.rs", &SOUND.replace("u32", "usize"));
        write("notes.txt", "not a contract");
        let shown = contracts.display().to_string();
        let lines = Build::new(&contracts).lines(&out);
        let lines: Vec<String> = lines
            .iter()
            .map(|line| line.replace(&shown, "contracts"))
            .collect();
        assert_eq!(
            lines,
            [
                "cargo::rerun-if-changed=contracts",
                "cargo::rerun-if-changed=contracts/shop",
                "cargo::rerun-if-changed=contracts/shop/orders.rs",
                "cargo::rerun-if-changed=contracts/users.rs",
                "cargo::error=contracts/shop/orders.rs:4:13: error[no-fixed-width]: `usize` has no fixed width",
                "cargo::error=  |",
                "cargo::error=4 |     pub id: usize,",
                "cargo::error=  |             ^^^^^",
                "cargo::error=  |",
                "cargo::error=  = help: use `u32` or `u64`",
                "cargo::error=contracts/users.rs:4:13: error[unknown-type]: unknown type `Uid`",
                "cargo::error=  |",
                "cargo::error=4 |     pub id: Uid,",
                "cargo::error=  |             ^^^",
                "cargo::error=  |",
                "cargo::error=  = help: a type with a similar name exists: `Uuid`",
            ]
        );
        assert!(!out.exists());
    }

    #[test]
    fn what_the_code_includes_lies_beside_it() {
        let root = tempfile::tempdir().expect("a folder");
        let (contracts, out) = (root.path().join("contracts"), root.path().join("out"));
        fs::create_dir_all(contracts.join("shop")).expect("a folder");
        let contract = "#![contract(package = \"acme.shop.v1\", encodings(json, proto))]
            #[service]
            pub trait Shop { #[message(\"open\")] fn open() -> bool; }";
        fs::write(contracts.join("shop/door.rs"), contract).expect("written");
        let lines = Build::new(&contracts).lines(&out);
        assert!(
            lines
                .iter()
                .all(|line| line.starts_with("cargo::rerun-if-changed=")),
            "{lines:?}"
        );
        let code = fs::read_to_string(out.join("anywire/contracts.rs")).expect("the code is there");
        assert!(
            code.contains("::core::include_bytes!(\"shop.door.binpb\")"),
            "{code}"
        );
        let set = fs::read(out.join("anywire/shop.door.binpb")).expect("they are there");
        assert!(set.windows(15).any(|bytes| bytes == b"shop/door.proto"));
    }

    #[test]
    fn the_code_is_written_only_when_it_changed() {
        let root = tempfile::tempdir().expect("a folder");
        let (contracts, out) = (root.path().join("contracts"), root.path().join("out"));
        fs::create_dir(&contracts).expect("a folder");
        let users = contracts.join("users.rs");
        let modified = || {
            Build::new(&contracts).lines(&out);
            let code = fs::File::options()
                .append(true)
                .open(out.join("anywire/contracts.rs"));
            let code = code.expect("the code is there");
            let time = code
                .metadata()
                .and_then(|data| data.modified())
                .expect("it has a time");
            code.set_modified(time - Duration::from_secs(3600))
                .expect("the time is set");
            time
        };
        let start = SystemTime::now() - Duration::from_secs(60);
        fs::write(&users, SOUND).expect("written");
        assert!(modified() > start);
        assert!(modified() < start, "the same code is not written again");
        fs::write(&users, SOUND.replace("u32", "u64")).expect("written");
        assert!(modified() > start);
    }

    #[test]
    fn a_missing_folder_is_an_error_of_the_build() {
        let root = tempfile::tempdir().expect("a folder");
        let lines = Build::new(root.path().join("none")).lines(root.path());
        assert!(
            lines[1].starts_with("cargo::error=cannot read "),
            "{lines:?}"
        );
    }

    #[cfg(feature = "proto")]
    mod proto {
        use std::{fs, path::Path};

        use crate::Build;

        const SOUND: &str = "#![contract(package = \"acme.users.v1\", encodings(json, proto))]\n\npub struct User {\n    #[n(1)]\n    pub id: u32,\n}\n";

        /// What Cargo is told beside what to watch.
        fn errors(build: &Build, out: &Path) -> Vec<String> {
            let mut lines = build.lines(out);
            lines.retain(|line| !line.starts_with("cargo::rerun-if-changed="));
            lines
        }

        #[test]
        fn the_files_are_those_of_the_contract() {
            let root = tempfile::tempdir().expect("a folder");
            let (contracts, out) = (root.path().join("contracts"), root.path().join("out"));
            fs::create_dir_all(contracts.join("shop")).expect("a folder");
            fs::write(contracts.join("users.rs"), SOUND).expect("written");
            let orders = SOUND.replace("users", "orders");
            fs::write(contracts.join("shop/orders.rs"), orders).expect("written");
            let read = |folder: &Path, name: &str| {
                fs::read_to_string(folder.join(name)).expect("it is written")
            };

            let below = Build::new(&contracts).proto("proto");
            let without = Build::new(&contracts);
            // What is written is no reason to compile again.
            assert_eq!(below.lines(&out), without.lines(&out));
            let sources = crate::read(&contracts).expect("read");
            let (contract, _) = crate::compile(&sources.files);
            for file in contract.expect("a contract").to_proto() {
                assert_eq!(read(&out.join("proto"), &file.path), file.text);
            }

            let elsewhere = root.path().join("elsewhere");
            let absolute = Build::new(&contracts).proto(&elsewhere);
            assert_eq!(errors(&absolute, &out), [""; 0]);
            assert!(read(&elsewhere, "shop/orders.proto").contains("package acme.orders.v1;"));
        }

        #[test]
        fn what_cannot_be_written_is_an_error_of_the_build() {
            let root = tempfile::tempdir().expect("a folder");
            let (contracts, out) = (root.path().join("contracts"), root.path().join("out"));
            fs::create_dir(&contracts).expect("a folder");
            let users = contracts.join("users.rs");
            let build = Build::new(&contracts).proto("proto");

            fs::write(&users, SOUND.replace(", encodings(json, proto)", "")).expect("written");
            let lines = errors(&build, &out);
            assert_eq!(lines.len(), 1, "{lines:?}");
            assert!(
                lines[0].contains("contracts holds nothing that is encoded as protobuf"),
                "{lines:?}"
            );

            fs::write(&users, SOUND.replace("#[n(1)]", "")).expect("written");
            let lines = errors(&build, &out);
            assert!(lines[0].contains("error["), "{lines:?}");
            assert!(!out.join("proto").exists(), "a mistake was exported");

            fs::write(&users, SOUND).expect("written");
            fs::write(out.join("proto"), "a file in the place of a folder").expect("written");
            let lines = errors(&build, &out);
            assert_eq!(lines.len(), 1, "{lines:?}");
            assert!(
                lines[0].starts_with("cargo::error=cannot write ")
                    && lines[0].contains("out/proto/users.proto: "),
                "{lines:?}"
            );
        }
    }
}
