//! What generated code costs to compile and to run, by the shape of its codec.
//!
//! ```sh
//! cargo run --release -p anywire-compile-bench -- [OPERATIONS] [ROUNDS] [check]
//! ```
//!
//! Writes one crate for each shape below `target/compile-bench`, all from the
//! same contract: each operation has a request and a reply of its own, of five
//! fields. Then compiles them in turn and prints the least times; with `check`
//! it leaves out the release builds, which take minutes. The numbers are kept
//! in `docs/decisions/0001-codec.md`.

#![expect(clippy::print_stdout, reason = "this is a program that prints")]

mod measure;
mod project;
mod shape;

use std::{env, error::Error};

use shape::Shape;

fn main() -> Result<(), Box<dyn Error>> {
    let arguments: Vec<String> = env::args().skip(1).collect();
    let number =
        |at: usize, default: usize| arguments.get(at).map_or(Ok(default), |text| text.parse());
    let (operations, rounds) = (number(0, 500)?, number(1, 3)?);
    let only_check = arguments.get(2).is_some_and(|word| word == "check");
    let root = env::current_dir()?.join("target/compile-bench");
    for shape in Shape::ALL {
        project::write(&root, shape, operations)?;
        measure::warm_up(&root, shape, only_check)?;
    }
    let mut best = Shape::ALL.map(|_| measure::Times::WORST);
    for _ in 0..rounds {
        // In turn, so that a busy moment of the machine meets all of them.
        for (best, shape) in best.iter_mut().zip(Shape::ALL) {
            best.keep_least(&measure::round(&root, shape, only_check)?);
        }
    }
    println!("{operations} operations, the least of {rounds} rounds");
    println!("| shape | check | release build | size | encode | decode |");
    println!("|---|---|---|---|---|---|");
    for (times, shape) in best.iter().zip(Shape::ALL) {
        println!("| {} | {times} |", shape.describe());
    }
    Ok(())
}
