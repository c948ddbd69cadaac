//! A contract inside Rust code becomes the same items as one in a file.

use std::path::Path;

use anywire_contracts::{compile, compile_inline, read};
use proc_macro2::TokenStream;
use quote::{format_ident, quote};

#[test]
fn both_forms_generate_the_same_items() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("contracts");
    let sources = read(&folder).expect("the contracts are there");
    let mut compared = 0;
    for source in sources.files {
        // Contracts inside Rust code do not import.
        if source.text.contains("use crate::") {
            continue;
        }
        let file = syn::parse_file(&source.text).expect("a contract has the syntax of Rust");
        let header = file
            .attrs
            .iter()
            .find_map(|attr| attr.meta.require_list().ok());
        let header = header.expect("a header").tokens.clone();
        let (name, items) = (format_ident!("{}", source.module.concat()), file.items);
        let inline =
            compile_inline(header, quote!(pub mod #name { #(#items)* })).expect("a module");
        let code = inline.to_rust(&quote!(super::__anywire));

        let mut source = source;
        source.module = vec![name.to_string()];
        let path = source.path.clone();
        let (contract, _) = compile(&[source]);
        let expected = contract.expect("a sound contract").to_rust();
        let expected: TokenStream = expected.parse().expect("tokens");
        assert_eq!(same(code), same(expected), "{path}");
        compared += 1;
    }
    assert!(compared > 5);
}

/// All but what differs: docs say where things stand, and descriptors stand in a
/// file beside the code or in the code.
fn same(code: TokenStream) -> String {
    let file = syn::parse2(code).expect("Rust");
    let text = prettyplease::unparse(&file);
    let lines = text
        .lines()
        .filter(|line| !line.trim_start().starts_with("///"))
        .map(|line| line.split("= b\"").next().unwrap_or_default())
        .map(|line| {
            line.split("= ::core::include_bytes!")
                .next()
                .unwrap_or_default()
        });
    lines.collect::<Vec<_>>().join("\n")
}
