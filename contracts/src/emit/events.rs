//! Events: who may carry them, and who receives them.

use proc_macro2::TokenStream;
use quote::quote;

use super::names::{self, Names};
use super::operations::Op;
use super::{Scope, docs};
use crate::proto::descriptor;

/// What makes a payload an event, and its subscriber.
pub(super) fn event(scope: &Scope<'_>, op: &Op<'_>) -> TokenStream {
    let (marker, capability) = (&op.marker, op.capability());
    let subscriber = names::generated(&names::subscriber(&op.operation.name.rust));
    let docs = docs::line(&format!("Delivers [`{marker}`] to a handler."));
    let mut types = Names::types(scope.file);
    let (h, p) = (types.take("H"), types.take("P"));
    let descriptors = descriptor::is_method(op.operation).then_some(&scope.descriptors);
    quote! {
        #[automatically_derived]
        impl anywire::Event for #marker {
            #descriptors
        }

        #[automatically_derived]
        impl<#p: #capability> anywire::CarriedBy<#p> for #marker {}

        #docs
        pub type #subscriber<#h> = anywire::Subscriber<#marker, #h>;
    }
}
