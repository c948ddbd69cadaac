//! Compiles the contract that both sides speak.

fn main() {
    anywire_contracts::Build::new("contracts").run();
}
