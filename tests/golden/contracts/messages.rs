//! Bare payloads.
#![contract(package = "golden.messages.v1", rename_all = "camelCase")]

#[service]
pub trait Math {
    #[message("math.sum")]
    fn sum(
        #[payload]
        #[check(len = 1..=3)]
        numbers: Vec<i32>,
    ) -> i64;
    #[message({ cmd: "next", version: 2 })]
    fn next(
        #[payload]
        #[json(string)]
        after: u64,
    ) -> u32;
}
