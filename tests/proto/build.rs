//! Compiles the contracts, exports them, and compiles what was exported.

use std::{env, error::Error, fs, path::Path};

fn main() -> Result<(), Box<dyn Error>> {
    anywire_contracts::Build::new("contracts").run();

    let folder = Path::new(&env::var("OUT_DIR")?).join("proto");
    fs::create_dir_all(&folder)?;
    let sources = anywire_contracts::read(Path::new("contracts"))?;
    // What is wrong with them was said above.
    let (Some(contract), _) = anywire_contracts::compile(&sources.files) else {
        return Ok(());
    };
    let files = contract.to_proto();
    for file in &files {
        fs::write(folder.join(&file.path), &file.text)?;
    }
    let paths = files.iter().map(|file| folder.join(&file.path));
    let set = protox::compile(paths, [&folder])?;
    let mut config = prost_build::Config::new();
    config.btree_map(["."]);
    config.compile_fds(set)?;
    Ok(())
}
