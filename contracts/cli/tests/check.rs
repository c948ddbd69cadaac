//! `anywire check`, called as a user calls it.

mod support;

use std::fs;

use support::{anywire, assert_ends, folder, stderr, stdout};

const SOUND: &str = "pub struct User {\n    pub id: u32,\n}\n";
const UNKNOWN: &str = "pub struct User {\n    pub id: Uid,\n}\n";

#[test]
fn a_sound_root_is_fine() {
    let folder = folder(&[
        ("contracts/users.rs", SOUND),
        ("contracts/shop/orders.rs", SOUND),
    ]);
    let output = anywire(folder.path(), &["check"]);
    assert_ends(&output, 0);
    assert_eq!(stdout(&output), "");
    assert_eq!(stderr(&output), "2 files checked: 0 errors, 0 warnings\n");
}

#[test]
fn mistakes_are_printed_as_rustc_prints_them() {
    let folder = folder(&[("contracts/users.rs", UNKNOWN)]);
    let output = anywire(folder.path(), &["check"]);
    assert_ends(&output, 1);
    assert_eq!(
        stdout(&output),
        "error[unknown-type]: unknown type `Uid`
 --> contracts/users.rs:4:13
  |
4 |     pub id: Uid,
  |             ^^^
  |
  = help: a type with a similar name exists: `Uuid`

"
    );
    assert_eq!(stderr(&output), "1 file checked: 1 error, 0 warnings\n");
}

#[test]
fn json_is_one_object_a_line() {
    let folder = folder(&[(
        "users.rs",
        "pub struct User {\n    pub id: Uid,\n    pub count: usize,\n}\n",
    )]);
    let output = anywire(folder.path(), &["check", "--root", ".", "--format", "json"]);
    assert_ends(&output, 1);
    assert_eq!(
        stdout(&output),
        "{\"rule\":\"unknown-type\",\"severity\":\"error\",\"message\":\"unknown type `Uid`\",\"file\":\"users.rs\",\
         \"line\":4,\"column\":13,\"end\":{\"line\":4,\"column\":16},\
         \"help\":[\"a type with a similar name exists: `Uuid`\"]}\n\
         {\"rule\":\"no-fixed-width\",\"severity\":\"error\",\"message\":\"`usize` has no fixed width\",\"file\":\"users.rs\",\
         \"line\":5,\"column\":16,\"end\":{\"line\":5,\"column\":21},\"help\":[\"use `u32` or `u64`\"]}\n"
    );
    assert_eq!(stderr(&output), "");
}

#[test]
fn warnings_alone_are_fine() {
    let service =
        "#[service]\npub trait Users {\n    #[message(\"users.ping\")]\n    fn ping();\n}\n";
    let folder = folder(&[("contracts/users.rs", &format!("{SOUND}\n{service}"))]);
    let output = anywire(folder.path(), &["check"]);
    assert_ends(&output, 0);
    assert!(
        stdout(&output).starts_with("warning[unused-type]: "),
        "{}",
        stdout(&output)
    );
}

#[test]
fn a_file_is_checked_within_its_folder() {
    let folder = folder(&[
        (
            "contracts/common.rs",
            "pub struct Money {\n    pub amount: usize,\n}\n",
        ),
        (
            "contracts/users.rs",
            "use crate::common::Money;\n\npub struct User {\n    pub balance: Money,\n}\n",
        ),
    ]);
    let output = anywire(folder.path(), &["check", "contracts/users.rs"]);
    assert_ends(&output, 0);
    let output = anywire(&folder.path().join("contracts"), &["check", "common.rs"]);
    assert_ends(&output, 1);
    assert!(
        stdout(&output).contains(" --> common.rs:4:17\n"),
        "{}",
        stdout(&output)
    );
}

#[test]
fn the_root_decides_what_crate_means() {
    let folder = folder(&[
        (
            "contracts/common.rs",
            "pub struct Money {\n    pub amount: Decimal,\n}\n",
        ),
        (
            "contracts/shop/orders.rs",
            "use crate::common::Money;\n\npub struct Order {\n    pub total: Money,\n}\n",
        ),
    ]);
    let orders = "contracts/shop/orders.rs";
    assert_ends(&anywire(folder.path(), &["check", orders]), 1);
    assert_ends(
        &anywire(folder.path(), &["check", orders, "--root", "contracts"]),
        0,
    );
}

#[test]
fn a_file_that_is_not_text_is_a_finding() {
    let folder = folder(&[]);
    fs::write(folder.path().join("users.rs"), b"// caf\xe9").expect("written");
    let output = anywire(folder.path(), &["check", "users.rs"]);
    assert_ends(&output, 1);
    assert!(
        stdout(&output).contains("error[not-text]"),
        "{}",
        stdout(&output)
    );
    assert!(
        stdout(&output).contains(" --> users.rs:1:7\n"),
        "{}",
        stdout(&output)
    );
}

#[test]
fn a_byte_order_mark_has_no_column() {
    let folder = folder(&[]);
    fs::write(
        folder.path().join("users.rs"),
        "\u{feff}pub struct User {}\n",
    )
    .expect("written");
    let output = anywire(folder.path(), &["check", "users.rs"]);
    assert_ends(&output, 1);
    assert!(
        stdout(&output).contains(" --> users.rs:1:1\n"),
        "{}",
        stdout(&output)
    );
}

#[test]
fn wrong_calls_end_with_two() {
    let folder = folder(&[("contracts/users.rs", SOUND)]);
    fs::write(folder.path().join("contracts/notes.txt"), "notes").expect("written");
    for (args, expected) in [
        (
            &["check", "contracts/none.rs"][..],
            "there is no file contracts/none.rs",
        ),
        (
            &["check", "contracts"][..],
            "contracts is a folder; check all of it with `--root contracts`",
        ),
        (
            &["check", "contracts/notes.txt"][..],
            "contracts/notes.txt is not a contract file",
        ),
        (&["check", "--root", "none"][..], "cannot read none: "),
        (&["check", "--format", "xml"][..], "invalid value 'xml'"),
        (&["chekc"][..], "unrecognized subcommand"),
        (&[][..], "Usage: anywire"),
    ] {
        let output = anywire(folder.path(), args);
        assert_ends(&output, 2);
        assert!(
            stderr(&output).contains(expected),
            "{args:?}: {}",
            stderr(&output)
        );
    }
}
