//! The form inside Rust code: `#[contract(..)] pub mod users { .. }`.

use anywire_contracts::{Diagnostic, InlineContract, compile_inline};
use proc_macro2::TokenStream;

fn tokens(text: &str) -> TokenStream {
    text.parse().expect("the test is made of tokens")
}

/// The contract, if it could be read at all, and what there is to say.
fn compile(header: &str, module: TokenStream) -> (Option<InlineContract>, Vec<Diagnostic>) {
    match compile_inline(tokens(header), module) {
        Ok(contract) => {
            let findings = contract.findings().to_vec();
            (Some(contract), findings)
        }
        Err(findings) => (None, findings),
    }
}

/// What rustc would be told.
fn errors(header: &str, module: &str) -> Vec<String> {
    let (_, findings) = compile(header, tokens(module));
    findings
        .iter()
        .map(|finding| finding.to_syn_error().to_string())
        .collect()
}

const HEADER: &str = "package = \"acme.users.v1\", rename_all = \"camelCase\"";

#[test]
fn a_module_is_a_contract() {
    let module = "/// Users.
        pub(crate) mod users {
            pub struct User { pub user_id: u32 }
            #[service]
            pub trait Users {
                #[message({ cmd: \"get_user\" })]
                fn get_user(user_id: u32) -> User;
            }
        }";
    let (contract, findings) = compile(HEADER, tokens(module));
    assert!(findings.is_empty(), "{findings:?}");
    let code = contract
        .expect("it is sound")
        .to_rust(&tokens("::anywire"))
        .to_string();
    for part in [
        "pub (crate) mod users",
        "pub trait Users",
        "userId",
        "UsersClient",
    ] {
        assert!(code.contains(part), "{part} in {code}");
    }
}

#[test]
fn mistakes_become_errors_at_their_spans() {
    assert_eq!(
        errors(
            HEADER,
            "mod users { pub struct User { pub id: Uid, pub count: usize } }"
        ),
        [
            "unknown type `Uid` [unknown-type]\nhelp: a type with a similar name exists: `Uuid`",
            "`usize` has no fixed width [no-fixed-width]\nhelp: use `u32` or `u64`",
        ]
    );
    let (_, findings) = compile(
        HEADER,
        tokens("mod users { pub struct User { pub id: Uid } }"),
    );
    assert_eq!(
        findings[0].to_syn_error().span().source_text().as_deref(),
        Some("Uid")
    );
}

#[test]
fn what_only_files_have_is_refused() {
    for (header, module, rule) in [
        (
            HEADER,
            "mod users { use crate::common::Money; pub struct A { pub a: Money } }",
            "import-form",
        ),
        (
            HEADER,
            "mod users { #![contract(package = \"b\")] }",
            "duplicate-header",
        ),
        (HEADER, "#[derive(Debug)] mod users {}", "unknown-attribute"),
        (HEADER, "mod users;", "syntax"),
        (HEADER, "struct Users {}", "syntax"),
        ("", "mod users {}", "missing-header"),
    ] {
        let errors = errors(header, module);
        assert_eq!(errors.len(), 1, "{errors:?}");
        assert!(errors[0].contains(&format!("[{rule}]")), "{errors:?}");
    }
}

#[test]
fn tokens_from_macros_are_read() {
    use proc_macro2::{Delimiter, Group, TokenTree};
    let invisible = |text: &str| TokenTree::from(Group::new(Delimiter::None, tokens(text)));
    let mut fields = tokens("pub id:");
    fields.extend([invisible("Vec<String>")]);
    let mut inner = tokens("pub struct");
    inner.extend([
        invisible("User"),
        TokenTree::from(Group::new(Delimiter::Brace, fields)),
    ]);
    let mut module = tokens("mod users");
    module.extend([TokenTree::from(Group::new(Delimiter::Brace, inner))]);
    let (contract, findings) = compile(HEADER, module);
    assert!(findings.is_empty(), "{findings:?}");
    assert!(contract.is_some());
}
