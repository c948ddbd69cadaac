//! Compiles the contracts that both sides speak, exports them for peers on gRPC,
//! and makes of the exported files what tonic's users make of a .proto.

use std::{env, error::Error, path::Path};

fn main() -> Result<(), Box<dyn Error>> {
    anywire_contracts::Build::new("contracts")
        .proto("proto")
        .run();

    let folder = Path::new(&env::var("OUT_DIR")?).join("proto");
    // What is wrong with the contracts was said above.
    if !folder.exists() {
        return Ok(());
    }
    let set = protox::compile(
        ["interop.proto", "nest_only.proto", "uploads.proto"],
        [folder],
    )?;
    tonic_prost_build::compile_fds(set)?;
    Ok(())
}
