//! gRPC's reflection: what is served on a port, for those who have no .proto of it.

use std::{
    collections::{BTreeSet, HashMap},
    convert::Infallible,
    task::{Context, Poll},
};

use axum::body::Body;
use futures_util::StreamExt as _;
use prost::Message as _;
use prost_types::FileDescriptorSet;
use tonic::{Status, service::Routes};
use tonic_reflection::server::Builder;
use tower::Service;

use super::server::Methods;
use crate::{BoxFuture, Stop, transport::port::Services};

/// The one method, and how older tools know it.
const V1: &str = "/grpc.reflection.v1.ServerReflection/ServerReflectionInfo";
const V1_ALPHA: &str = "/grpc.reflection.v1alpha.ServerReflection/ServerReflectionInfo";

const HEALTH: &str = "grpc.health.v1.Health";

/// Answers by what is served when it is asked, which other clones of the
/// listener may have added to.
#[derive(Clone)]
pub(super) struct Reflection {
    methods: Services<Methods>,
    stop: Stop,
}

impl Reflection {
    pub(super) fn new(methods: Services<Methods>, stop: Stop) -> Self {
        Self { methods, stop }
    }

    pub(super) fn add_to(self, routes: Routes) -> Routes {
        let router = routes
            .into_axum_router()
            .route_service(V1, self.clone())
            .route_service(V1_ALPHA, self);
        Routes::from(router)
    }
}

impl Service<http::Request<Body>> for Reflection {
    type Response = http::Response<tonic::body::Body>;
    type Error = Infallible;
    type Future = BoxFuture<Result<Self::Response, Infallible>>;

    fn poll_ready(&mut self, _: &mut Context<'_>) -> Poll<Result<(), Infallible>> {
        Poll::Ready(Ok(()))
    }

    fn call(&mut self, request: http::Request<Body>) -> Self::Future {
        let mut stop = self.stop.clone();
        // Tools keep the stream open, and the server is not to wait for them.
        let stopped = async move { stop.requested().await };
        let request =
            request.map(|body| Body::from_stream(body.into_data_stream().take_until(stopped)));
        let is_v1 = request.uri().path() == V1;
        let builder = describe(&self.methods.now());
        Box::pin(async move {
            let described = if is_v1 {
                let server = builder.with_service_name(service(V1)).build_v1();
                server.map(|mut server| server.call(request))
            } else {
                let server = builder.with_service_name(service(V1_ALPHA)).build_v1alpha();
                server.map(|mut server| server.call(request))
            };
            match described {
                Ok(answer) => answer.await,
                Err(error) => Ok(Status::internal(error.to_string()).into_http()),
            }
        })
    }
}

/// All services of a port, and the files that they are from.
fn describe(methods: &Methods) -> Builder<'static> {
    let services: BTreeSet<&str> = methods.paths().map(service).collect();
    let mut builder = Builder::configure()
        .register_encoded_file_descriptor_set(tonic_health::pb::FILE_DESCRIPTOR_SET)
        .with_service_name(HEALTH);
    for name in services {
        builder = builder.with_service_name(name);
    }
    for set in sets(&methods.descriptors) {
        builder = builder.register_file_descriptor_set(set);
    }
    builder
}

/// `acme.users.v1.Users` of `/acme.users.v1.Users/GetUser`.
fn service(path: &str) -> &str {
    let path = path.strip_prefix('/').unwrap_or(path);
    path.split_once('/').map_or(path, |(service, _)| service)
}

/// The files of contracts, which know nothing of each other: one whose name
/// another file has already is named after its package as well. Bytes that are
/// no descriptors, which the compiler of contracts never makes, are left out.
fn sets(encoded: &[&[u8]]) -> Vec<FileDescriptorSet> {
    let mut known = HashMap::new();
    let mut sets = Vec::new();
    for mut set in encoded
        .iter()
        .flat_map(|set| FileDescriptorSet::decode(*set))
    {
        let mut renamed = HashMap::new();
        for file in &mut set.file {
            if known.get(file.name()).is_some_and(|known| known != file) {
                let name = format!("{}/{}", file.package(), file.name());
                renamed.insert(file.name().to_owned(), name.clone());
                file.name = Some(name);
            }
        }
        for path in set.file.iter_mut().flat_map(|file| &mut file.dependency) {
            if let Some(name) = renamed.get(path) {
                path.clone_from(name);
            }
        }
        known.extend(
            set.file
                .iter()
                .map(|file| (file.name().to_owned(), file.clone())),
        );
        sets.push(set);
    }
    sets
}

#[cfg(test)]
mod tests;
