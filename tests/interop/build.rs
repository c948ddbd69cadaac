//! Compiles the contract that both sides speak, and exports it for peers on gRPC.

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
    for file in contract.to_proto() {
        fs::write(folder.join(&file.path), &file.text)?;
    }
    Ok(())
}
