//! Compiles the contracts.

fn main() {
    anywire_contracts::Build::new("contracts").run();
}
