//! What a user sees: a package of its own, built by Cargo itself.

use std::path::{Path, PathBuf};
use std::process::{Command, Output};
use std::{env, fs};

const SOUND: &str = "\
#![contract(package = \"acme.users.v1\")]

/// Nobody in particular.
pub struct User {
    pub id: u32,
}

#[service]
pub trait Users {
    #[message(\"users.get\")]
    fn get(id: u32) -> User;
}
";

struct Package(PathBuf);

impl Package {
    /// A package whose build script compiles the contracts beside it.
    fn new(name: &str) -> Self {
        let here = Path::new(env!("CARGO_MANIFEST_DIR"));
        let root = Path::new(env!("CARGO_TARGET_TMPDIR")).join(name);
        let package = Self(root);
        if package.0.exists() {
            fs::remove_dir_all(&package.0).expect("the last run's package is removed");
        }
        let manifest = format!(
            "[package]\nname = \"user\"\nedition = \"2024\"\n\n[workspace]\n\n\
             [build-dependencies]\nanywire-contracts = {{ path = {here:?} }}\n"
        );
        package.write("Cargo.toml", &manifest);
        let main = "fn main() {\n    anywire_contracts::Build::new(\"contracts\").run();\n}\n";
        package.write("build.rs", main);
        package.write("src/lib.rs", "");
        // The versions that this workspace is tested with, so that nothing is looked up.
        let lock = fs::read_to_string(here.join("../Cargo.lock")).expect("the lock file");
        package.write("Cargo.lock", &lock);
        package
    }

    fn write(&self, path: &str, text: &str) {
        let path = self.0.join(path);
        fs::create_dir_all(path.parent().expect("a folder")).expect("a folder");
        fs::write(path, text).expect("written");
    }

    fn build(&self) -> Output {
        Command::new(env::var_os("CARGO").unwrap_or("cargo".into()))
            .args(["build", "--verbose", "--offline", "--color", "never"])
            .current_dir(&self.0)
            // Shared by the packages of this file: the compiler is built once.
            .env(
                "CARGO_TARGET_DIR",
                Path::new(env!("CARGO_TARGET_TMPDIR")).join("built"),
            )
            .env_remove("CARGO_ENCODED_RUSTFLAGS")
            .env_remove("RUSTFLAGS")
            .output()
            .expect("cargo runs")
    }
}

#[test]
fn mistakes_in_two_files_are_all_shown_by_one_build() {
    let package = Package::new("user");
    let users = SOUND
        .replace("pub id: u32", "pub id: Uid")
        .replace("-> User", "-> Usr");
    package.write("contracts/users.rs", &users);
    let orders = "#![contract(package = \"acme.orders.v1\")]\n\npub struct Order {\n    pub count: usize,\n    pub tags: Option<Vec<String>>,\n}\n";
    package.write("contracts/shop/orders.rs", orders);

    let output = package.build();
    let shown = String::from_utf8_lossy(&output.stderr);
    assert!(!output.status.success(), "{shown}");
    let places: Vec<_> = shown
        .lines()
        .filter_map(|line| line.split_once("contracts/"))
        .filter(|(_, line)| line.contains("error["))
        .map(|(_, line)| line)
        .collect();
    assert_eq!(
        places,
        [
            "shop/orders.rs:4:16: error[no-fixed-width]: `usize` has no fixed width",
            "shop/orders.rs:5:15: error[nested-option]: `Option<Vec<String>>`: protobuf cannot tell an absent list or map from an empty one",
            "users.rs:5:13: error[unknown-type]: unknown type `Uid`",
            "users.rs:11:24: error[unknown-type]: unknown type `Usr`",
        ],
        "{shown}"
    );

    // Mended, it builds; and unchanged, the build script does not run again.
    package.write("contracts/users.rs", SOUND);
    package.write(
        "contracts/shop/orders.rs",
        &orders
            .replace("usize", "u32")
            .replace("Option<Vec<String>>", "Vec<String>"),
    );
    let output = package.build();
    assert!(
        output.status.success(),
        "{}",
        String::from_utf8_lossy(&output.stderr)
    );
    let output = package.build();
    let shown = String::from_utf8_lossy(&output.stderr);
    assert!(shown.contains("Fresh user "), "{shown}");
}
