//! Every finding as its user reads it.
//!
//! A fixture is a contract file with one fault in `ui/<rule-id>/`, or a folder
//! of files where the fault needs several; the expected text stands beside it
//! in a `.stderr` of the same name. `UPDATE_EXPECT=1` overwrites the texts.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::{env, fs};

use anywire_contracts::{Diagnostic, RULES, Source, Style, compile};

#[test]
fn every_fixture_gives_its_text() {
    let update = env::var_os("UPDATE_EXPECT").is_some_and(|value| value == "1");
    let mut wrong = Vec::new();
    let mut count = 0;
    for rule in folders() {
        let id = name(&rule);
        for fixture in entries(&rule)
            .into_iter()
            .filter(|path| !has_extension(path, "stderr"))
        {
            count += 1;
            let sources = sources(&fixture);
            let (contract, findings) = compile(&sources);
            let is_error = findings
                .iter()
                .any(|finding| finding.severity.name() == "error");
            assert_eq!(contract.is_none(), is_error, "{}", fixture.display());
            // What a syntax error expects is the way out.
            let has_way_out = |finding: &Diagnostic| id == "syntax" || !finding.help.is_empty();
            let only_this = findings
                .iter()
                .all(|finding| finding.rule.id == id && has_way_out(finding));
            if findings.is_empty() || !only_this {
                wrong.push(format!(
                    "{} holds one fault, which has a way out; found:",
                    fixture.display()
                ));
                wrong.extend(
                    findings
                        .iter()
                        .map(|finding| finding.render(&sources, Style::default())),
                );
                continue;
            }
            let texts: Vec<String> = findings
                .iter()
                .map(|finding| finding.render(&sources, Style::default()))
                .collect();
            let text = texts.join("\n\n") + "\n";
            let expected = fixture.with_extension("stderr");
            if update {
                fs::write(&expected, text).expect("the folder of fixtures is writable");
            } else if fs::read_to_string(&expected).unwrap_or_default() != text {
                wrong.push(format!("{} gives:\n{text}", fixture.display()));
            }
        }
    }
    assert!(
        wrong.is_empty(),
        "{}\n(UPDATE_EXPECT=1 accepts this)",
        wrong.join("\n")
    );
    assert!(count >= RULES.len());
}

#[test]
fn every_rule_has_a_fixture_and_every_fixture_a_rule() {
    let rules: BTreeSet<String> = RULES.iter().map(|rule| rule.id.to_owned()).collect();
    let fixtures: BTreeSet<String> = folders().iter().map(|path| name(path)).collect();
    assert_eq!(rules, fixtures);
    for folder in folders() {
        for expected in entries(&folder)
            .into_iter()
            .filter(|path| has_extension(path, "stderr"))
        {
            let has_fixture =
                expected.with_extension("rs").is_file() || expected.with_extension("").is_dir();
            assert!(has_fixture, "{} belongs to nothing", expected.display());
        }
    }
}

fn folders() -> Vec<PathBuf> {
    entries(&Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/ui"))
}

fn entries(folder: &Path) -> Vec<PathBuf> {
    let entries = fs::read_dir(folder).expect("the folder of fixtures is there");
    let mut paths: Vec<PathBuf> = entries
        .map(|entry| entry.expect("it is readable").path())
        .collect();
    paths.sort();
    paths
}

fn name(path: &Path) -> String {
    path.file_name()
        .unwrap_or_default()
        .to_string_lossy()
        .into_owned()
}

fn has_extension(path: &Path, extension: &str) -> bool {
    path.extension().is_some_and(|found| found == extension)
}

/// A file, or all files of a folder.
fn sources(fixture: &Path) -> Vec<Source> {
    let files = if fixture.is_dir() {
        entries(fixture)
    } else {
        vec![fixture.to_path_buf()]
    };
    let read = |path: &PathBuf| {
        let stem = path
            .file_stem()
            .unwrap_or_default()
            .to_string_lossy()
            .into_owned();
        // The name of a lone file says what is wrong with it, which is no module.
        let module = if fixture.is_dir() {
            stem
        } else {
            "users".to_owned()
        };
        Source::from_bytes(
            name(path),
            [module],
            fs::read(path).expect("the fixture is readable"),
        )
    };
    files.iter().map(read).collect()
}
