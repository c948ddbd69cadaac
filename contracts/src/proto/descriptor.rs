//! The descriptors of a contract: what `protoc` would make of its `.proto` files.
//!
//! A file of the contract is a file of protobuf. Its declared types come first,
//! then the messages made for its operations, then its services.

mod comments;
mod messages;
mod types;
mod well_known;

use std::collections::BTreeSet;

use prost_types::method_options::IdempotencyLevel;
use prost_types::{
    FileDescriptorProto, FileDescriptorSet, MethodDescriptorProto, MethodOptions,
    ServiceDescriptorProto, ServiceOptions,
};

use self::comments::Comments;
use super::bodies::{self, Body};
use super::names;
use crate::model::{Contract, Delivery, File, Operation, OperationKind, Service};

/// What a file of descriptors is made from and collects.
struct Builder<'a> {
    contract: &'a Contract,
    file: &'a File,
    comments: Comments,
    /// The files that it imports.
    imports: BTreeSet<String>,
}

/// The files of the contract, and after them those of protobuf's own types.
pub(crate) fn descriptors(contract: &Contract) -> FileDescriptorSet {
    let mut set = own_files(contract);
    set.file.extend(well_known::imported(&set.file));
    set
}

/// A file for each of the contract's that is encoded as protobuf.
pub(super) fn own_files(contract: &Contract) -> FileDescriptorSet {
    let files = contract
        .files
        .iter()
        .filter(|file| file.header.proto.is_some());
    FileDescriptorSet {
        file: files.map(|file| descriptor(contract, file)).collect(),
    }
}

fn descriptor(contract: &Contract, file: &File) -> FileDescriptorProto {
    let mut cx = Builder {
        contract,
        file,
        comments: Comments::of_file(file),
        imports: BTreeSet::new(),
    };
    let mut out = FileDescriptorProto {
        name: Some(names::file(&file.module)),
        package: Some(file.header.package.value.clone()),
        syntax: Some("proto3".to_owned()),
        ..FileDescriptorProto::default()
    };
    messages::declared(&mut cx, &mut out);
    for service in &file.services {
        for operation in &service.operations {
            messages::made(&mut cx, operation, &mut out);
        }
    }
    services(&mut cx, &mut out);
    out.dependency = cx.imports.into_iter().collect();
    out.source_code_info = Some(cx.comments.finish());
    out
}

/// The services, and those that only `grpc = "Service/Method"` names.
fn services(cx: &mut Builder<'_>, out: &mut FileDescriptorProto) {
    const SERVICES: i32 = 6;
    let file = cx.file;
    let operations = file.services.iter().flat_map(|service| {
        service
            .operations
            .iter()
            .filter(|operation| is_method(operation))
            .map(move |operation| (service, operation))
    });
    for (service, operation) in operations {
        let grpc = names::grpc(service, operation);
        let found = out
            .service
            .iter()
            .position(|known| known.name() == grpc.service);
        let at = found.unwrap_or_else(|| {
            out.service.push(ServiceDescriptorProto {
                name: Some(grpc.service.clone()),
                ..ServiceDescriptorProto::default()
            });
            out.service.len() - 1
        });
        let path = [SERVICES, comments::index(at)];
        if found.is_none() {
            let own = file
                .services
                .iter()
                .find(|own| own.name.rust == grpc.service);
            let docs = own.map(|own| own.docs.clone()).unwrap_or_default();
            cx.comments.add(&path, &docs);
            out.service[at].options = own.and_then(service_options);
        }
        let method = method(cx, operation, grpc.method);
        let methods = &mut out.service[at].method;
        cx.comments.add(
            &[path[0], path[1], 2, comments::index(methods.len())],
            &operation.docs,
        );
        methods.push(method);
    }
}

/// Whether gRPC carries the operation: it stores no event.
fn is_method(operation: &Operation) -> bool {
    operation.kind != OperationKind::Event || operation.delivery == Delivery::AtMostOnce
}

fn service_options(service: &Service) -> Option<ServiceOptions> {
    service.deprecated.as_ref().map(|_| ServiceOptions {
        deprecated: Some(true),
        ..ServiceOptions::default()
    })
}

fn method(cx: &mut Builder<'_>, operation: &Operation, name: String) -> MethodDescriptorProto {
    let contract = cx.contract;
    let request = body(cx, &bodies::request(contract, operation));
    let response = body(cx, &bodies::response(contract, operation));
    let options = MethodOptions {
        deprecated: operation.deprecated.as_ref().map(|_| true),
        idempotency_level: operation
            .idempotent
            .map(|_| IdempotencyLevel::Idempotent.into()),
        ..MethodOptions::default()
    };
    MethodDescriptorProto {
        name: Some(name),
        input_type: Some(request),
        output_type: Some(response),
        client_streaming: operation.upstream().map(|_| true),
        server_streaming: operation.streams_reply.map(|_| true),
        options: (options != MethodOptions::default()).then_some(options),
    }
}

/// The full name of the message that carries a payload.
fn body(cx: &mut Builder<'_>, body: &Body<'_>) -> String {
    match body {
        Body::Empty => types::well_known(cx, "empty", "Empty"),
        Body::Struct(id) => types::declared(cx, *id),
        Body::Made { name, .. } => format!(".{}.{name}", cx.file.header.package.value),
    }
}
