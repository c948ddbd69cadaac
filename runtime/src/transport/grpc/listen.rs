//! One port, any number of services.

use std::{fmt, io, net::SocketAddr, sync::Arc, time::Duration};

use futures_core::Stream;
use futures_util::TryStreamExt as _;
use tokio::net::{TcpListener, TcpStream};
use tonic::transport::{Certificate, Identity, Server, ServerTlsConfig, server::TcpIncoming};
use tower::service_fn;

use super::{
    CONNECTION_WINDOW, Grpc, Limits,
    reflection::Reflection,
    server::{self, Handler, Methods},
};
use crate::{
    BoxError, Listen, Routes, Serve, Stop,
    service::BoxService,
    transport::{
        port::{self, Port, Services},
        socket,
    },
};

/// A listener on one port. Clones share the port and what is served on it.
///
/// Beside the services it serves `grpc.health.v1.Health`, which says SERVING
/// until the app stops, and `grpc.reflection.v1.ServerReflection`, by which
/// tools like `grpcurl` learn of the services.
#[derive(Clone)]
pub struct GrpcListen {
    address: String,
    limits: Limits,
    identity: Option<Identity>,
    authority: Option<Certificate>,
    reflection: bool,
    port: Port<Methods>,
}

impl GrpcListen {
    pub(super) fn new(address: String) -> Self {
        Self {
            address,
            limits: Limits::default(),
            identity: None,
            authority: None,
            reflection: true,
            port: Port::default(),
        }
    }

    /// Speaks TLS, with this certificate and its key, both in PEM.
    ///
    /// Clones that were made before do not share the port with it.
    #[must_use]
    pub fn identity(mut self, certificate: impl AsRef<[u8]>, key: impl AsRef<[u8]>) -> Self {
        // Who asks for TLS must not be served on a port without it.
        self.port = Port::default();
        self.identity = Some(Identity::from_pem(certificate, key));
        self
    }

    /// Asks clients for a certificate of this authority, in PEM; without one
    /// nobody is served. It needs an [`identity`](Self::identity) too.
    #[must_use]
    pub fn authority(mut self, pem: impl AsRef<[u8]>) -> Self {
        self.port = Port::default();
        self.authority = Some(Certificate::from_pem(pem));
        self
    }

    /// Whether clients can ask what is served here, and in which shape: yes,
    /// unless set. Of the clones of a listener, the one that is bound first decides.
    #[must_use]
    pub fn reflection(mut self, is_served: bool) -> Self {
        self.reflection = is_served;
        self
    }

    /// Changes the limits.
    #[must_use]
    pub fn limits(mut self, change: impl FnOnce(&mut Limits)) -> Self {
        change(&mut self.limits);
        self
    }

    fn server(&self) -> Result<Server, BoxError> {
        let server = Server::builder()
            .max_concurrent_streams(self.limits.max_in_flight)
            .initial_connection_window_size(CONNECTION_WINDOW)
            .http2_keepalive_interval(self.limits.ping)
            .http2_keepalive_timeout(self.limits.ping);
        let Some(identity) = &self.identity else {
            return if self.authority.is_some() {
                Err("an authority for clients needs TLS, and so an identity".into())
            } else {
                Ok(server)
            };
        };
        // tonic panics where there are several providers of cryptography and no
        // default. An error means that there is one.
        let _ = rustls::crypto::ring::default_provider().install_default();
        let mut tls = ServerTlsConfig::new()
            .identity(identity.clone())
            .timeout(self.limits.handshake_timeout);
        if let Some(authority) = &self.authority {
            tls = tls.client_ca_root(authority.clone());
        }
        Ok(server.tls_config(tls)?)
    }
}

impl fmt::Debug for GrpcListen {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("GrpcListen")
            .field("address", &self.address)
            .field("limits", &self.limits)
            .finish_non_exhaustive()
    }
}

impl Listen for GrpcListen {
    type Profile = Grpc;

    async fn bind(self, routes: Routes, service: BoxService) -> Result<impl Serve, BoxError> {
        let server = self.server()?;
        let add = |methods: &mut Methods| methods.add(&routes, &service);
        let (address, accepting) = self.port.bind(&self.address, add).await?;
        let accepting = accepting.map(|port::Accepting { listener, services }| Accepting {
            server,
            listener,
            reflection: self.reflection,
            methods: services,
            limits: self.limits,
        });
        Ok(GrpcServe { address, accepting })
    }
}

struct GrpcServe {
    address: SocketAddr,
    accepting: Option<Accepting>,
}

struct Accepting {
    server: Server,
    listener: TcpListener,
    reflection: bool,
    methods: Services<Methods>,
    limits: Limits,
}

impl Serve for GrpcServe {
    fn address(&self) -> Option<SocketAddr> {
        Some(self.address)
    }

    async fn serve(self, mut stop: Stop) {
        let Some(Accepting {
            server,
            listener,
            reflection,
            methods,
            limits,
        }) = self.accepting
        else {
            return stop.requested().await;
        };
        let (reporter, health) = tonic_health::server::health_reporter();
        let mut beside = server::nothing().add_service(health);
        if reflection {
            beside = Reflection::new(methods.clone(), stop.clone()).add_to(beside);
        }
        let handler = Arc::new(Handler::new(methods, limits, beside));
        let answer = service_fn({
            let handler = Arc::clone(&handler);
            move |request| Arc::clone(&handler).answer(request)
        });
        let stopped = async move {
            stop.requested().await;
            reporter
                .set_service_status("", tonic_health::ServingStatus::NotServing)
                .await;
        };
        let served = server
            .serve_with_incoming_shutdown(answer, incoming(listener, limits), stopped)
            .await;
        if let Err(error) = served {
            tracing::error!(%error, "the gRPC server has ended");
        }
        handler.ended().await;
    }
}

/// The connections of a port. The server's own settings are for sockets that it
/// binds itself, and say nothing of these.
fn incoming(listener: TcpListener, limits: Limits) -> impl Stream<Item = io::Result<TcpStream>> {
    TcpIncoming::from(listener).inspect_ok(move |stream| {
        socket::prepare(stream, limits.keep_alive, Duration::ZERO);
    })
}

#[cfg(test)]
mod tests {
    use futures_util::StreamExt as _;
    use tokio::net::{TcpListener, TcpStream};

    use super::Limits;

    #[tokio::test]
    async fn small_frames_of_replies_do_not_wait() {
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
        let address = listener.local_addr().expect("it is bound");
        let _client = TcpStream::connect(address).await.expect("a connection");
        let accepted = super::incoming(listener, Limits::default()).next().await;
        let accepted = accepted.expect("it goes on").expect("a connection");
        assert!(accepted.nodelay().expect("an option"));
    }
}
