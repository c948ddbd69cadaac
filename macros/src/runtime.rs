//! `crate = "aw"`: what the runtime is called where the macro stands. It is no
//! part of the contract, so it is taken out before the compiler sees the header.

use proc_macro2::{TokenStream, TokenTree};
use quote::{quote, quote_spanned};

/// The path of the runtime, and the header without it.
pub(crate) fn take(header: TokenStream) -> syn::Result<(TokenStream, TokenStream)> {
    let mut runtime = quote!(::anywire);
    let mut rest = TokenStream::new();
    let mut tokens = header.into_iter().peekable();
    let mut starts = true;
    while let Some(token) = tokens.next() {
        match &token {
            TokenTree::Ident(word) if starts && word == "crate" => {
                let value: TokenStream = tokens
                    .by_ref()
                    .take_while(|token| !is_comma(token))
                    .collect();
                runtime = path(word.span(), value)?;
                continue;
            }
            token => starts = is_comma(token),
        }
        rest.extend([token]);
    }
    Ok((runtime, rest))
}

fn is_comma(token: &TokenTree) -> bool {
    matches!(token, TokenTree::Punct(punct) if punct.as_char() == ',')
}

/// `= "aw"` is the crate `aw`; a longer path stands as it is written.
fn path(at: proc_macro2::Span, value: TokenStream) -> syn::Result<TokenStream> {
    let mut value = value.into_iter();
    let (Some(TokenTree::Punct(equals)), Some(TokenTree::Literal(text)), None) =
        (value.next(), value.next(), value.next())
    else {
        return Err(syn::Error::new(
            at,
            "`crate` is written as `crate = \"anywire\"`",
        ));
    };
    let span = text.span();
    let text = match syn::Lit::new(text) {
        syn::Lit::Str(text) if equals.as_char() == '=' => text,
        _ => {
            return Err(syn::Error::new(
                span,
                "expected the name of the runtime crate, as in `\"anywire\"`",
            ));
        }
    };
    let path: syn::Path = text.parse()?;
    let is_crate = path.get_ident().is_some_and(|name| name != "crate");
    Ok(if is_crate {
        quote_spanned!(span=> ::#path)
    } else {
        quote!(#path)
    })
}

#[cfg(test)]
mod tests {
    use quote::quote;

    use super::take;

    #[test]
    fn the_crate_is_taken_out() {
        for (header, runtime, rest) in [
            (quote!(package = "a.v1"), "::anywire", "package = \"a.v1\""),
            (
                quote!(package = "a.v1", crate = "aw"),
                ":: aw",
                "package = \"a.v1\" ,",
            ),
            (
                quote!(crate = "crate", package = "a.v1"),
                "crate",
                "package = \"a.v1\"",
            ),
            (quote!(crate = "a::b"), "a :: b", ""),
        ] {
            let (found, left) = take(header).expect("a path");
            assert_eq!(
                found.to_string().replace(":: anywire", "::anywire"),
                runtime
            );
            assert_eq!(left.to_string(), rest);
        }
        assert!(take(quote!(crate = aw)).is_err());
        assert!(take(quote!(crate)).is_err());
    }
}
