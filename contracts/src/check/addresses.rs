//! Topics of Kafka and methods of gRPC: each once.

use std::collections::HashMap;

use proc_macro2::Span;

use super::{Placed, all_operations, show_place};
use crate::diag::Diagnostics;
use crate::model::{Contract, GrpcMethod, OperationKind};
use crate::pattern::{is_topic, route};
use crate::proto::names;
use crate::rules;

pub(super) fn check(cx: &mut Diagnostics, contract: &Contract) {
    check_topics(cx, contract);
    check_encodings(cx, contract);
    check_methods(cx, contract);
}

/// The topic of an operation is the one that is written, else its route.
fn check_topics(cx: &mut Diagnostics, contract: &Contract) {
    let mut used: HashMap<String, (Placed<'_>, Span, &str)> = HashMap::new();
    for by in all_operations(contract).filter(|by| by.operation.topic.is_none()) {
        let pattern = &by.operation.pattern;
        let route = route(&pattern.value);
        if is_topic(&route) {
            used.entry(route)
                .or_insert((by, pattern.span, "the pattern, which is its topic"));
        }
    }
    for by in all_operations(contract) {
        let Some(topic) = &by.operation.topic else {
            continue;
        };
        let Some((first, span, label)) = used.get(&topic.value) else {
            used.insert(topic.value.clone(), (by, topic.span, "used here first"));
            continue;
        };
        let message = format!(
            "topic `{}` is already used by `{}` at {}",
            topic.value,
            first.path(),
            show_place(contract, first.file, *span)
        );
        cx.enter(by.file);
        cx.error(&rules::DUPLICATE_TOPIC, topic.span, message)
            .also_in(first.file, *span, *label)
            .help("choose another topic for one of the two");
    }
}

fn check_encodings(cx: &mut Diagnostics, contract: &Contract) {
    for by in all_operations(contract) {
        if let Some(grpc) = &by.operation.grpc
            && contract.files[by.file].header.proto.is_none()
        {
            let message = format!(
                "`{}` has a method of gRPC, and no protobuf",
                by.operation.name.rust
            );
            cx.enter(by.file);
            cx.error(&rules::GRPC_ENCODING, grpc.span, message)
                .help("write `encodings(json, proto)` in the head of the file, or remove `grpc`");
        }
    }
}

/// The method of an operation is the one that is written, else made of the
/// names of its service and its own.
fn check_methods(cx: &mut Diagnostics, contract: &Contract) {
    let mut used: HashMap<(&str, GrpcMethod), (Placed<'_>, Span)> = HashMap::new();
    for by in all_operations(contract) {
        let header = &contract.files[by.file].header;
        if header.proto.is_none() {
            continue;
        }
        let written = by.operation.grpc.as_ref().map(|grpc| grpc.span);
        let span = written.unwrap_or(by.operation.name.span);
        let key = (
            &*header.package.value,
            names::grpc(by.service, by.operation),
        );
        let Some((first, first_span)) = used.get(&key) else {
            used.insert(key, (by, span));
            continue;
        };
        // Names that make the same method clash in Rust, which is reported as such,
        // but for those of an event and a message.
        let is_event = |placed: &Placed<'_>| placed.operation.kind == OperationKind::Event;
        let are_alike = is_event(&by) == is_event(first);
        if by.operation.grpc.is_none() && first.operation.grpc.is_none() && are_alike {
            continue;
        }
        let GrpcMethod { service, method } = &key.1;
        let message = format!(
            "method `{service}/{method}` is already used by `{}` at {}",
            first.path(),
            show_place(contract, first.file, *first_span)
        );
        cx.enter(by.file);
        cx.error(&rules::DUPLICATE_GRPC_METHOD, span, message)
            .also_in(first.file, *first_span, "used here first")
            .help("give one of the two another method: `grpc = \"Service/Method\"`");
    }
}
