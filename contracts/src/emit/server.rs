//! The handler's trait and the server that calls it.

use proc_macro2::{Literal, TokenStream};
use quote::quote;

use super::names::{self, Names};
use super::operations::Op;
use super::{Scope, docs};
use crate::model::Service;

/// `pub trait Users { .. }`: what a service's own code implements.
pub(super) fn handler(scope: &Scope<'_>, service: &Service, ops: &[&Op<'_>]) -> TokenStream {
    let name = names::ident(&service.name);
    let instead = format!("Handles the messages of `{}`.", service.name.rust);
    let docs = docs::docs(scope.file, &service.docs, &instead, service.name.span);
    let deprecated = docs::deprecated(service.deprecated.as_ref());
    let methods = ops.iter().map(|op| {
        let instead = format!("Handles `{}`.", op.operation.name.rust);
        let docs = docs::docs(
            scope.file,
            &op.operation.docs,
            &instead,
            op.operation.name.span,
        );
        let deprecated = docs::deprecated(op.operation.deprecated.as_ref());
        let (method, outcome) = (&op.method, op.outcome(scope));
        let mut locals = Names::variables(scope.file);
        let cx = locals.take("cx");
        let (argument, ty) = match op.bare() {
            Some(values) if op.sends_stream() => {
                let ty = super::operations::payload(values);
                (
                    locals.take(&values.name.rust),
                    quote!(anywire::Incoming<#ty>),
                )
            }
            Some(bare) => {
                let ty = super::types::written(&bare.ty);
                (locals.take(&bare.name.rust), ty)
            }
            None => (locals.take("request"), op.request()),
        };
        quote! {
            #docs
            #deprecated
            fn #method(
                &self,
                #cx: &anywire::Context,
                #argument: #ty,
            ) -> impl ::core::future::Future<Output = #outcome> + ::core::marker::Send;
        }
    });
    quote! {
        #docs
        #deprecated
        pub trait #name: ::core::marker::Send + ::core::marker::Sync + 'static {
            #(#methods)*
        }
    }
}

/// `UsersServer`: from a decoded message to the handler's method and back.
pub(super) fn server(scope: &Scope<'_>, service: &Service, ops: &[&Op<'_>]) -> TokenStream {
    let (handler, text) = (names::ident(&service.name), &service.name.rust);
    let name = names::generated(&names::server(text));
    let debug = name.to_string();
    let mut types = Names::types(scope.file);
    let (h, l, p) = (types.take("H"), types.take("L"), types.take("P"));
    let docs = docs::line(&format!("Serves [`{text}`] by a handler."));
    let markers = ops.iter().map(|op| &op.marker);
    let arms = ops
        .iter()
        .enumerate()
        .map(|(index, op)| arm(service, index, op));
    let capabilities = ops.iter().map(|op| op.capability());
    let descriptors = &scope.descriptors;
    quote! {
        #docs
        pub struct #name<#h> {
            handler: ::std::sync::Arc<#h>,
            service: anywire::AsService<Self>,
        }

        impl<#h> #name<#h> {
            /// A server that calls this handler. Clones share it, each for a transport of its own.
            #[must_use]
            pub fn new(handler: #h) -> Self
            where
                #h: #handler,
            {
                Self::from_arc(::std::sync::Arc::new(handler))
            }

            /// The same for a handler that is shared already, as by one that takes events as well.
            #[must_use]
            pub fn from_arc(handler: ::std::sync::Arc<#h>) -> Self
            where
                #h: #handler,
            {
                Self { handler, service: anywire::AsService::new() }
            }

            /// Binds it to a transport, for an `App` to serve.
            pub fn on<#l: anywire::Listen>(self, listener: #l) -> anywire::Bound
            where
                Self: anywire::CarriedBy<#l::Profile>,
            {
                self.service.bind(#text, self, None, listener)
            }
        }

        #[automatically_derived]
        impl<#h> ::core::clone::Clone for #name<#h> {
            fn clone(&self) -> Self {
                Self { handler: ::std::sync::Arc::clone(&self.handler), service: self.service }
            }
        }

        #[automatically_derived]
        impl<#h> ::core::fmt::Debug for #name<#h> {
            fn fmt(&self, f: &mut ::core::fmt::Formatter<'_>) -> ::core::fmt::Result {
                f.debug_struct(#debug).finish_non_exhaustive()
            }
        }

        #[automatically_derived]
        impl<#h, #p> anywire::CarriedBy<#p> for #name<#h>
        where
            #(#p: #capabilities,)*
        {
        }

        #[automatically_derived]
        impl<#h: #handler> anywire::Dispatch for #name<#h> {
            const OPERATIONS: &'static [&'static anywire::Meta] =
                &[#(<#markers as anywire::Operation>::META),*];

            #descriptors

            fn dispatch(&self, operation: usize, request: anywire::Request) -> anywire::BoxFuture<anywire::Reply> {
                let handler = ::std::sync::Arc::clone(&self.handler);
                match operation {
                    #(#arms)*
                    _ => anywire::no_handler(),
                }
            }
        }
    }
}

/// One box an arm: a single async block around the match would be checked in
/// quadratic time.
fn arm(service: &Service, index: usize, op: &Op<'_>) -> TokenStream {
    let (index, handler) = (
        Literal::usize_unsuffixed(index),
        names::ident(&service.name),
    );
    let (method, marker) = (&op.method, &op.marker);
    let payload = match op.bare() {
        Some(bare) if bare.json_string.is_some() && !op.sends_stream() => quote!(request.0),
        _ => quote!(request),
    };
    let stream = |is_stream, one, many| names::generated(if is_stream { many } else { one });
    let open = stream(op.sends_stream(), "open", "open_stream");
    let respond = stream(op.answers_stream(), "respond", "respond_stream");
    quote! {
        #index => Box::pin(async move {
            match anywire::#open::<#marker>(request) {
                Ok((cx, request)) => {
                    let result = #handler::#method(&*handler, &cx, #payload).await;
                    anywire::#respond::<#marker>(&cx, result)
                }
                Err(reply) => reply,
            }
        }),
    }
}
