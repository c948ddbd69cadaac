//! Compiles the contracts of the table and of the fixtures.

fn main() {
    anywire_contracts::Build::new("contracts").run();
}
