//! Generated code without a prelude, with a renamed runtime, beside types of
//! the most common names.
#![no_implicit_prelude]
#![deny(warnings, missing_docs, unreachable_pub, clippy::pedantic)]

/// Not the one of the standard library.
#[derive(::core::fmt::Debug)]
pub struct Result;

/// Not the one of the standard library.
#[derive(::core::fmt::Debug)]
pub struct Option;

/// Not the one of the standard library.
#[derive(::core::fmt::Debug)]
pub struct String;

/// Not the one of the standard library.
#[derive(::core::fmt::Debug)]
pub struct Vec;

/// Not the crates.
pub mod anywire {}
/// Not the crates.
pub mod core {}
/// Not the crates.
pub mod std {}

/// Everything in one place, where nothing else is.
pub mod nested {
    ::aw::include_contracts!();
}

/// Written inside Rust code.
#[::aw::contract(package = "hostile.inline.v1", crate = "aw")]
mod inline {
    pub struct Option_ {
        pub Result: Option<String>,
    }

    #[service]
    pub trait Iterator {
        #[message("next")]
        fn next(item: Option_) -> Option_;
    }
}
