//! Compiles the goldens' contracts, as a user's build script does.

fn main() {
    anywire_contracts::Build::new("contracts").serde().run();
}
