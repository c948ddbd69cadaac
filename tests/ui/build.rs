//! Compiles the contracts that the fixtures use wrongly.

fn main() {
    anywire_contracts::Build::new("contracts").run();
}
