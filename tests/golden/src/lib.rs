//! The goldens, compiled under the strictest of lints.
#![deny(warnings, missing_docs, unreachable_pub, clippy::pedantic)]

anywire::include_contracts!();
