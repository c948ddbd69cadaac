//! What the language has and generated code does not have yet.
//!
//! This is the one place that says so. Such a contract is sound: `anywire check`
//! takes it. A build refuses it, and no code is made for the operation.

use proc_macro2::Span;

use crate::attr::not_yet;
use crate::diag::{Diagnostic, Diagnostics};
use crate::model::{Contract, Operation};

/// What there is to say about every operation that no code is made for.
pub(crate) fn findings(contract: &Contract) -> Vec<Diagnostic> {
    let mut cx = Diagnostics::default();
    for (index, file) in contract.files.iter().enumerate() {
        cx.enter(index);
        let operations = file.services.iter().flat_map(|service| &service.operations);
        for (what, span) in operations.filter_map(pending) {
            not_yet(&mut cx, span, what);
        }
    }
    cx.finish()
}

/// The contract without these operations.
pub(super) fn without(contract: &Contract) -> Contract {
    let mut contract = contract.clone();
    let services = contract
        .files
        .iter_mut()
        .flat_map(|file| &mut file.services);
    for service in services {
        service
            .operations
            .retain(|operation| pending(operation).is_none());
    }
    contract
}

/// What is missing, and where the contract asks for it.
fn pending(operation: &Operation) -> Option<(&'static str, Span)> {
    let upstream = operation.upstream().and_then(|arg| arg.stream);
    let stream = upstream.or(operation.streams_reply);
    let wildcard = operation.wildcards.first().map(|wildcard| wildcard.span);
    stream
        .map(|span| ("code for a stream", span))
        .or_else(|| wildcard.map(|span| ("code for a typed wildcard", span)))
}
