//! A contract as protobuf.
//!
//! [`names`] says what everything is called, [`bodies`] what carries a request
//! and a reply; `check` holds a contract against both, and `emit` generates code
//! by them. `descriptor` makes the descriptors of a contract, as `schema` has
//! them, and `print` writes them as the `.proto` files that other languages
//! compile.

pub(crate) mod bodies;
pub(crate) mod descriptor;
pub(crate) mod names;
#[cfg(feature = "proto")]
mod print;
mod schema;

/// What protobuf's own reader makes of our descriptors.
#[cfg(feature = "proto")]
pub(crate) fn descriptors(contract: &crate::model::Contract) -> prost_types::FileDescriptorSet {
    let bytes = descriptor::descriptors(contract);
    // Whether they are sound is what the tests of a compiler of protobuf say.
    prost::Message::decode(&*bytes).unwrap_or_default()
}

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
    let files = descriptor::own_files(contract);
    let texts = print::files(&files);
    let sources = contract
        .files
        .iter()
        .enumerate()
        .filter(|(_, file)| file.header.proto.is_some());
    sources
        .zip(files)
        .zip(texts)
        .map(|(((source, _), file), text)| ProtoFile {
            path: file.name,
            source,
            text,
        })
        .collect()
}
