//! The descriptors of a contract: what `protoc` would make of its `.proto` files.
//!
//! A file of the contract is a file of protobuf. Its declared types come first,
//! then the messages made for its operations, then its services.

mod comments;
mod messages;
mod types;
mod well_known;

use std::collections::BTreeSet;

use self::comments::Comments;
use super::bodies::{self, Body};
use super::names;
use super::schema::{
    self, FileDescriptorProto, IdempotencyLevel, MethodDescriptorProto, MethodOptions,
    ServiceDescriptorProto, ServiceOptions,
};
use crate::model::{Contract, Delivery, File, Operation, OperationKind, Service};

/// What a file of descriptors is made from and collects.
struct Builder<'a> {
    contract: &'a Contract,
    file: &'a File,
    comments: Comments,
    /// The files that it imports.
    imports: BTreeSet<String>,
}

/// The files of the contract, and after them those of protobuf's own types, as
/// the bytes of a `FileDescriptorSet`.
#[cfg(feature = "proto")]
pub(super) fn descriptors(contract: &Contract) -> Vec<u8> {
    let mut files = own_files(contract);
    files.extend(well_known::imported(&files));
    schema::encode(&files)
}

/// A file for each of the contract's that is encoded as protobuf.
#[cfg(feature = "proto")]
pub(super) fn own_files(contract: &Contract) -> Vec<FileDescriptorProto> {
    let files = contract
        .files
        .iter()
        .filter(|file| file.header.proto.is_some());
    files.map(|file| descriptor(contract, file)).collect()
}

/// What gRPC's reflection tells of one file: itself and all that it imports,
/// without comments, as the bytes of a `FileDescriptorSet`. Nothing if the file
/// has no methods.
pub(crate) fn reflected(contract: &Contract, file: &File) -> Option<Vec<u8>> {
    let has_proto = |file: &&File| file.header.proto.is_some();
    let mut operations = file.services.iter().flat_map(|service| &service.operations);
    if !has_proto(&file) || !operations.any(is_method) {
        return None;
    }
    let mut files = vec![descriptor(contract, file)];
    let mut at = 0;
    while let Some(FileDescriptorProto { dependency, .. }) = files.get(at) {
        let is_new = |file: &&File| {
            let path = names::file(&file.module);
            dependency.contains(&path) && files.iter().all(|known| known.name != path)
        };
        let imported = contract.files.iter().filter(has_proto).filter(is_new);
        let imported: Vec<_> = imported.map(|file| descriptor(contract, file)).collect();
        files.extend(imported);
        at += 1;
    }
    files.extend(well_known::imported(&files));
    files
        .iter_mut()
        .for_each(|file| file.source_code_info = None);
    Some(schema::encode(&files))
}

fn descriptor(contract: &Contract, file: &File) -> FileDescriptorProto {
    let mut cx = Builder {
        contract,
        file,
        comments: Comments::of_file(file),
        imports: BTreeSet::new(),
    };
    let mut out = FileDescriptorProto {
        name: names::file(&file.module),
        package: file.header.package.value.clone(),
        syntax: "proto3".to_owned(),
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
            .position(|known| known.name == grpc.service);
        let at = found.unwrap_or_else(|| {
            out.service.push(ServiceDescriptorProto {
                name: grpc.service.clone(),
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
pub(crate) fn is_method(operation: &Operation) -> bool {
    operation.kind != OperationKind::Event || operation.delivery == Delivery::AtMostOnce
}

fn service_options(service: &Service) -> Option<ServiceOptions> {
    let deprecated = service.deprecated.as_ref();
    deprecated.map(|_| ServiceOptions { deprecated: true })
}

fn method(cx: &mut Builder<'_>, operation: &Operation, name: String) -> MethodDescriptorProto {
    let contract = cx.contract;
    let request = body(cx, &bodies::request(contract, operation));
    let response = body(cx, &bodies::response(contract, operation));
    let options = MethodOptions {
        deprecated: operation.deprecated.is_some(),
        idempotency_level: operation.idempotent.map(|_| IdempotencyLevel::Idempotent),
    };
    MethodDescriptorProto {
        name,
        input_type: request,
        output_type: response,
        client_streaming: operation.upstream().is_some(),
        server_streaming: operation.streams_reply.is_some(),
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
