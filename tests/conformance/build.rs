//! Compiles the suite's contract.

fn main() {
    anywire_contracts::Build::new("contracts").run();
}
