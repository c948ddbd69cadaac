//! Streams, of which not every transport carries all.
#![contract(package = "ui.streams.v1")]

#[service]
pub trait Imports {
    #[message("imports.sum")]
    fn sum(rows: Stream<u32>) -> u32;
}

#[service]
pub trait Syncs {
    #[message("syncs.sync")]
    fn sync(rows: Stream<u32>) -> Stream<u32>;
}
