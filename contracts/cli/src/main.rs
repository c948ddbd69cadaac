//! The `anywire` command.

fn main() {}
