//! Operations without numbers.
#![contract(package = "capabilities.json.v1")]

#[service]
pub trait Unnumbered {
    #[message("unnumbered.count")]
    fn count_all(number: u32) -> u32;
    #[event("unnumbered.counted")]
    fn counted(number: u32);
}
