//! Compiles the contracts, exports them, and compiles what was exported.

use std::{env, error::Error, path::Path};

fn main() -> Result<(), Box<dyn Error>> {
    anywire_contracts::Build::new("contracts")
        .proto("proto")
        .run();

    let folder = Path::new(&env::var("OUT_DIR")?).join("proto");
    let files = ["kinds.proto", "later.proto", "shared.proto"];
    // What is wrong with the contracts was said above.
    if !folder.exists() {
        return Ok(());
    }
    let set = protox::compile(files, [folder])?;
    let mut config = prost_build::Config::new();
    config.btree_map(["."]);
    config.compile_fds(set)?;
    Ok(())
}
