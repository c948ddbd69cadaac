//! The macros of anywire: a shell of a few lines over the contract compiler.
//!
//! They are documented, and used, where the runtime re-exports them.

mod runtime;

use anywire_contracts::{Severity, compile_inline};
use proc_macro2::TokenStream;
use quote::quote;

/// A contract inside Rust code. Documented in `anywire`.
#[proc_macro_attribute]
pub fn contract(
    header: proc_macro::TokenStream,
    module: proc_macro::TokenStream,
) -> proc_macro::TokenStream {
    expand(header.into(), module.into()).into()
}

fn expand(header: TokenStream, module: TokenStream) -> TokenStream {
    let (runtime, header) = match runtime::take(header) {
        Ok(taken) => taken,
        Err(error) => return error.into_compile_error(),
    };
    let contract = compile_inline(header, module);
    let (findings, code) = match &contract {
        Ok(contract) => (contract.findings(), contract.to_rust(&runtime)),
        Err(findings) => (&**findings, TokenStream::new()),
    };
    // A macro has no way to warn.
    let errors = findings
        .iter()
        .filter(|finding| finding.severity == Severity::Error);
    let errors = errors.map(|finding| finding.to_syn_error().into_compile_error());
    quote!(#code #(#errors)*)
}
