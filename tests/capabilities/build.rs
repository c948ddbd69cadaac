//! Compiles the contracts of the table and of the fixtures.

fn main() {
    anywire_contracts::Build::new("contracts").run();
    let target = std::env::var("TARGET").expect("cargo names it");
    println!("cargo::rustc-env=TARGET={target}");
}
