//! Clients and publishers: a method an operation, one expression a method.

use proc_macro2::{Ident, TokenStream};
use quote::quote;

use super::names::{self, Names};
use super::operations::{Op, arguments};
use super::{Scope, docs};
use crate::model::Service;

/// `UsersClient`: calls the messages of a service.
pub(super) fn client(scope: &Scope<'_>, service: &Service, ops: &[&Op<'_>]) -> TokenStream {
    let text = &service.name.rust;
    let name = names::generated(&names::client(text));
    let docs = docs::line(&format!("Calls [`{text}`] over a transport."));
    caller(scope, &name, &docs, ops)
}

/// `UsersPublisher`: publishes the events of a service.
pub(super) fn publisher(scope: &Scope<'_>, service: &Service, ops: &[&Op<'_>]) -> TokenStream {
    let name = names::generated(&names::publisher(&service.name.rust));
    let docs = docs::line(&format!(
        "Publishes the events of `{}` over a transport.",
        service.name.rust
    ));
    caller(scope, &name, &docs, ops)
}

fn caller(scope: &Scope<'_>, name: &Ident, docs: &TokenStream, ops: &[&Op<'_>]) -> TokenStream {
    let debug = name.to_string();
    let mut types = Names::types(scope.file);
    let (t, l) = (types.take("T"), types.take("L"));
    let methods = ops.iter().map(|op| method(scope, op, &t));
    quote! {
        #docs
        pub struct #name<#t = anywire::AnyTransport> {
            channel: anywire::Channel<#t>,
        }

        impl<#t: anywire::Transport> #name<#t> {
            /// One over this transport.
            #[must_use]
            pub fn new(transport: #t) -> Self {
                Self { channel: anywire::Channel::new(transport) }
            }

            /// Wraps every call in a layer of tower.
            #[must_use]
            pub fn layer<#l: anywire::ClientLayer>(self, layer: &#l) -> Self {
                Self { channel: self.channel.layer(layer) }
            }

            #(#methods)*
        }

        #[automatically_derived]
        impl<#t> ::core::clone::Clone for #name<#t> {
            fn clone(&self) -> Self {
                Self { channel: ::core::clone::Clone::clone(&self.channel) }
            }
        }

        #[automatically_derived]
        impl<#t> ::core::fmt::Debug for #name<#t> {
            fn fmt(&self, f: &mut ::core::fmt::Formatter<'_>) -> ::core::fmt::Result {
                f.debug_struct(#debug).field("channel", &self.channel).finish()
            }
        }
    }
}

/// The bound stands on the method alone, so that one mistake is one error.
fn method(scope: &Scope<'_>, op: &Op<'_>, t: &Ident) -> TokenStream {
    let verb = if op.is_event() { "Publishes" } else { "Calls" };
    let instead = format!("{verb} `{}`.", op.operation.name.rust);
    let docs = docs::docs(
        scope.file,
        &op.operation.docs,
        &instead,
        op.operation.name.span,
    );
    let deprecated = docs::deprecated(op.operation.deprecated.as_ref());
    let (method, marker, capability) = (&op.method, &op.marker, op.capability());
    let (parameters, request) = arguments(scope, op);
    let (call, verb) = match (op.sends_stream(), op.answers_stream()) {
        (false, false) => ("Call", "call"),
        (true, false) => ("Call", "upload"),
        (false, true) => ("StreamingCall", "stream"),
        (true, true) => ("StreamingCall", "exchange"),
    };
    let (call, verb) = (names::generated(call), names::generated(verb));
    quote! {
        #docs
        #deprecated
        pub fn #method(&self, #(#parameters),*) -> anywire::#call<#marker>
        where
            #t: #capability,
        {
            self.channel.#verb(#request)
        }
    }
}
