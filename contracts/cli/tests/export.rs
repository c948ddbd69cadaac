//! `anywire export`, called as a user calls it.

mod support;

use std::fs;

use support::{anywire, assert_ends, folder, stderr, stdout};

const MONEY: &str = "pub struct Money {\n    #[n(1)]\n    pub amount: Decimal,\n}\n";
const USER: &str =
    "use crate::money::Money;\n\npub struct User {\n    #[n(1)]\n    pub credit: Money,\n}\n";

fn proto(files: &[(&str, &str, &str)]) -> tempfile::TempDir {
    let folder = folder(&[]);
    for (path, package, text) in files {
        let path = folder.path().join(path);
        fs::create_dir_all(path.parent().expect("it stands in a folder")).expect("a folder");
        let header = format!("#![contract(package = \"{package}\", encodings(json, proto))]\n\n");
        fs::write(path, header + text).expect("written");
    }
    folder
}

fn both() -> tempfile::TempDir {
    proto(&[
        ("contracts/money.rs", "acme.money.v1", MONEY),
        ("contracts/shop/users.rs", "acme.users.v1", USER),
    ])
}

#[test]
fn a_file_is_printed_as_it_is() {
    let folder = both();
    let output = anywire(folder.path(), &["export", "proto", "contracts/money.rs"]);
    assert_ends(&output, 0);
    assert_eq!(
        stdout(&output),
        "// Generated from contracts/money.rs by anywire. Do not edit.

syntax = \"proto3\";

package acme.money.v1;

message Money {
  string amount = 1;
}
"
    );
    assert_eq!(stderr(&output), "");
}

#[test]
fn the_files_of_a_folder_are_printed_with_their_names() {
    let folder = both();
    let output = anywire(folder.path(), &["export", "proto"]);
    assert_ends(&output, 0);
    let names: Vec<String> = stdout(&output)
        .lines()
        .filter_map(|line| line.strip_prefix("// ---- ").map(str::to_owned))
        .collect();
    assert_eq!(names, ["money.proto", "shop/users.proto"]);
}

#[test]
fn files_are_written_as_they_import_each_other() {
    let folder = both();
    let output = anywire(
        folder.path(),
        &["export", "proto", "contracts", "--out", "proto"],
    );
    assert_ends(&output, 0);
    assert_eq!(stderr(&output), "2 files written\n");
    let read = |path: &str| fs::read_to_string(folder.path().join(path)).expect("it is written");
    assert!(read("proto/shop/users.proto").contains("import \"money.proto\";"));
    assert!(read("proto/money.proto").contains("message Money {"));
    let inner = ["export", "proto", "contracts/shop", "--root", "contracts"];
    assert!(stdout(&anywire(folder.path(), &inner)).contains("message User {"));
}

#[test]
fn mistakes_are_told_and_nothing_is_exported() {
    let folder = proto(&[(
        "contracts/users.rs",
        "acme.users.v1",
        "pub struct User {\n    pub id: u32,\n}\n",
    )]);
    let output = anywire(folder.path(), &["export", "proto"]);
    assert_ends(&output, 1);
    assert_eq!(stdout(&output), "");
    assert!(stderr(&output).starts_with("error[missing-number]"));
}

#[test]
fn json_alone_is_refused() {
    let folder = folder(&[("contracts/users.rs", "pub struct User {}\n")]);
    for path in ["contracts", "contracts/users.rs"] {
        let output = anywire(folder.path(), &["export", "proto", path]);
        assert_ends(&output, 2);
        assert_eq!(
            stderr(&output),
            format!(
                "error: {path} holds nothing that is encoded as protobuf: write `encodings(json, proto)` in the head of a contract file\n"
            )
        );
    }
}

#[test]
fn wrong_calls_end_with_2() {
    let folder = both();
    for args in [
        &["export"][..],
        &["export", "pigeon"],
        &["export", "proto", "none.rs"],
        &[
            "export",
            "proto",
            "contracts/money.rs",
            "--root",
            "contracts/shop",
        ],
        &["export", "proto", "--out", "contracts/money.rs"],
    ] {
        let output = anywire(folder.path(), args);
        assert_ends(&output, 2);
        assert_eq!(stdout(&output), "", "{args:?}");
    }
}
