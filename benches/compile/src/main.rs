//! What generated code costs to compile and to run, by the shape of its codec.
//!
//! ```sh
//! cargo run --release -p anywire-compile-bench -- [OPERATIONS] [ROUNDS]
//! ```
//!
//! Writes one crate for each shape below `target/compile-bench`, all from the
//! same contract: each operation has a request and a reply of its own, of five
//! fields. Then compiles them in turn and prints the least times. The numbers
//! are kept in `docs/decisions/0001-codec.md`.

#![expect(clippy::print_stdout, reason = "this is a program that prints")]

mod measure;
mod project;
mod shape;

use std::{env, error::Error};

use shape::Shape;

fn main() -> Result<(), Box<dyn Error>> {
    let mut arguments = env::args().skip(1).map(|argument| argument.parse());
    let operations = arguments.next().transpose()?.unwrap_or(500);
    let rounds = arguments.next().transpose()?.unwrap_or(3);
    let root = env::current_dir()?.join("target/compile-bench");
    for shape in Shape::ALL {
        project::write(&root, shape, operations)?;
        measure::warm_up(&root, shape)?;
    }
    let mut best = Shape::ALL.map(|_| measure::Times::WORST);
    for _ in 0..rounds {
        // In turn, so that a busy moment of the machine meets all of them.
        for (best, shape) in best.iter_mut().zip(Shape::ALL) {
            best.keep_least(&measure::round(&root, shape)?);
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
