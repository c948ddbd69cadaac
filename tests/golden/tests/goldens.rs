//! What the compiler generates, next to what it generated when somebody last read it.
//!
//! `UPDATE_EXPECT=1 cargo test -p anywire-golden` writes the files anew.

use std::{fs, path::Path};

use anywire_contracts::{compile, read};

#[test]
fn generated_code_is_as_expected() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR"));
    let sources = read(&folder.join("contracts")).expect("the contracts are there");
    // The paths that are printed do not say where this repository stands.
    let prefix = format!("{}/", folder.display());
    let files: Vec<_> = sources
        .files
        .into_iter()
        .map(|mut file| {
            file.path = file.path.replace(&prefix, "");
            file
        })
        .collect();
    let (contract, findings) = compile(&files);
    assert!(findings.is_empty(), "{findings:#?}");
    let code = contract.expect("there are no findings").to_rust();

    let update = std::env::var_os("UPDATE_EXPECT").is_some();
    let mut wrong = Vec::new();
    let mut expected_files = 0;
    for module in code
        .split_inclusive("\n}\n")
        .filter(|module| module.contains("// @generated"))
    {
        let start = module.find("// @generated").unwrap_or_default();
        let module = &module[start..];
        let name = module
            .split("contracts/")
            .nth(1)
            .and_then(|rest| rest.split(".rs").next());
        let path = folder.join(format!(
            "expected/{}.rs",
            name.unwrap_or_default().replace('/', "_")
        ));
        if update {
            fs::write(&path, module).expect("the folder is writable");
        } else if fs::read_to_string(&path).unwrap_or_default() != module {
            wrong.push(path);
        }
        expected_files += 1;
    }
    assert_eq!(expected_files, files.len());
    assert!(
        wrong.is_empty(),
        "not as expected, see `UPDATE_EXPECT`: {wrong:#?}"
    );
}
