//! A contract as protobuf.
//!
//! [`names`] says what everything is called, [`bodies`] what carries a request
//! and a reply; `check` holds a contract against both, and `emit` generates code
//! by them. `descriptor` makes the descriptors of a contract, and `print` writes
//! them as the `.proto` files that other languages compile.

#[cfg_attr(
    not(feature = "proto"),
    allow(dead_code, reason = "without descriptors not all parts are looked at")
)]
pub(crate) mod bodies;
#[cfg(feature = "proto")]
mod descriptor;
#[cfg_attr(
    not(feature = "proto"),
    allow(dead_code, reason = "without descriptors not all names are made")
)]
pub(crate) mod names;
#[cfg(feature = "proto")]
mod print;

#[cfg(feature = "proto")]
pub(crate) use self::descriptor::descriptors;

/// A contract file as other languages compile it.
#[cfg(feature = "proto")]
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ProtoFile {
    /// The path by which others import it: `shop/orders.proto`.
    pub path: String,
    /// Index of the contract file among the sources.
    pub source: usize,
    /// What is in it.
    pub text: String,
}

/// Every file that is encoded as protobuf, in the order of the sources.
#[cfg(feature = "proto")]
pub(crate) fn files(contract: &crate::model::Contract) -> Vec<ProtoFile> {
    let set = descriptor::own_files(contract);
    let texts = print::files(&set);
    let sources = contract
        .files
        .iter()
        .enumerate()
        .filter(|(_, file)| file.header.proto.is_some());
    sources
        .zip(set.file)
        .zip(texts)
        .map(|(((source, _), file), text)| ProtoFile {
            path: file.name.unwrap_or_default(),
            source,
            text,
        })
        .collect()
}
