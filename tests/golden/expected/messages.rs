// @generated from contracts/messages.rs by anywire-contracts 0.1.0. Do not edit.

/// Bare payloads.
#[allow(
    dead_code,
    nonstandard_style,
    unreachable_pub,
    unused_imports,
    unused_qualifications,
    reason = "nobody uses all of a contract, and it stands wherever it is included"
)]
#[allow(
    clippy::doc_markdown,
    clippy::enum_variant_names,
    clippy::large_enum_variant,
    clippy::match_same_arms,
    clippy::module_name_repetitions,
    clippy::new_without_default,
    clippy::pub_underscore_fields,
    clippy::similar_names,
    clippy::struct_excessive_bools,
    clippy::struct_field_names,
    clippy::too_many_arguments,
    clippy::too_many_lines,
    clippy::unreadable_literal,
    clippy::used_underscore_binding,
    clippy::wildcard_imports,
    clippy::zero_sized_map_values,
    reason = "the contract decides about names, sizes and numbers"
)]
pub mod messages {
    use super::__anywire::__for_contracts_0_1_0 as anywire;
    use self::anywire::prelude::*;

    /// Handles the messages of `Math`.
    ///
    /// Defined at `contracts/messages.rs:5`.
    pub trait Math: ::core::marker::Send + ::core::marker::Sync + 'static {
        /// Handles `sum`.
        ///
        /// Defined at `contracts/messages.rs:7`.
        fn sum(
            &self,
            cx: &anywire::Context,
            numbers: Vec<i32>,
        ) -> impl ::core::future::Future<
            Output = Result<i64, anywire::Failure>,
        > + ::core::marker::Send;

        /// Handles `next`.
        ///
        /// Defined at `contracts/messages.rs:13`.
        fn next(
            &self,
            cx: &anywire::Context,
            after: u64,
        ) -> impl ::core::future::Future<
            Output = Result<u32, anywire::Failure>,
        > + ::core::marker::Send;
    }

    /// Serves [`Math`] by a handler.
    pub struct MathServer<H> {
        handler: ::std::sync::Arc<H>,
        service: anywire::AsService<Self>,
    }

    impl<H> MathServer<H> {
        /// A server that calls this handler. Clones share it, each for a transport of its own.
        #[must_use]
        pub fn new(handler: H) -> Self
        where
            H: Math,
        {
            Self::from_arc(::std::sync::Arc::new(handler))
        }

        /// The same for a handler that is shared already, as by one that takes events as well.
        #[must_use]
        pub fn from_arc(handler: ::std::sync::Arc<H>) -> Self
        where
            H: Math,
        {
            Self {
                handler,
                service: anywire::AsService::new(),
            }
        }

        /// Binds it to a transport, for an `App` to serve.
        pub fn on<L: anywire::Listen>(self, listener: L) -> anywire::Bound
        where
            Self: anywire::CarriedBy<L::Profile>,
        {
            self.service.bind("Math", self, None, listener)
        }
    }

    #[automatically_derived]
    impl<H> ::core::clone::Clone for MathServer<H> {
        fn clone(&self) -> Self {
            Self {
                handler: ::std::sync::Arc::clone(&self.handler),
                service: self.service,
            }
        }
    }

    #[automatically_derived]
    impl<H> ::core::fmt::Debug for MathServer<H> {
        fn fmt(&self, f: &mut ::core::fmt::Formatter<'_>) -> ::core::fmt::Result {
            f.debug_struct("MathServer").finish_non_exhaustive()
        }
    }

    #[automatically_derived]
    impl<H, P> anywire::CarriedBy<P> for MathServer<H>
    where
        P: anywire::RequestReply<op::Sum>,
        P: anywire::RequestReply<op::Next>,
    {}

    #[automatically_derived]
    impl<H: Math> anywire::Dispatch for MathServer<H> {
        const OPERATIONS: &'static [&'static anywire::Meta] = &[
            <op::Sum as anywire::Operation>::META,
            <op::Next as anywire::Operation>::META,
        ];

        fn dispatch(
            &self,
            operation: usize,
            request: anywire::Request,
        ) -> anywire::BoxFuture<anywire::Reply> {
            let handler = ::std::sync::Arc::clone(&self.handler);
            match operation {
                0 => {
                    Box::pin(async move {
                        match anywire::open::<op::Sum>(request) {
                            Ok((cx, request)) => {
                                let result = Math::sum(&*handler, &cx, request).await;
                                anywire::respond::<op::Sum>(&cx, result)
                            }
                            Err(reply) => reply,
                        }
                    })
                }
                1 => {
                    Box::pin(async move {
                        match anywire::open::<op::Next>(request) {
                            Ok((cx, request)) => {
                                let result = Math::next(&*handler, &cx, request.0).await;
                                anywire::respond::<op::Next>(&cx, result)
                            }
                            Err(reply) => reply,
                        }
                    })
                }
                _ => anywire::no_handler(),
            }
        }
    }

    /// Calls [`Math`] over a transport.
    pub struct MathClient<T = anywire::AnyTransport> {
        channel: anywire::Channel<T>,
    }

    impl<T: anywire::Transport> MathClient<T> {
        /// One over this transport.
        #[must_use]
        pub fn new(transport: T) -> Self {
            Self {
                channel: anywire::Channel::new(transport),
            }
        }

        /// Wraps every call in a layer of tower.
        #[must_use]
        pub fn layer<L: anywire::ClientLayer>(self, layer: &L) -> Self {
            Self {
                channel: self.channel.layer(layer),
            }
        }

        /// Calls `sum`.
        ///
        /// Defined at `contracts/messages.rs:7`.
        pub fn sum(&self, numbers: Vec<i32>) -> anywire::Call<op::Sum>
        where
            T: anywire::RequestReply<op::Sum>,
        {
            self.channel.call(numbers)
        }

        /// Calls `next`.
        ///
        /// Defined at `contracts/messages.rs:13`.
        pub fn next(&self, after: u64) -> anywire::Call<op::Next>
        where
            T: anywire::RequestReply<op::Next>,
        {
            self.channel.call(anywire::Text(after))
        }
    }

    #[automatically_derived]
    impl<T> ::core::clone::Clone for MathClient<T> {
        fn clone(&self) -> Self {
            Self {
                channel: ::core::clone::Clone::clone(&self.channel),
            }
        }
    }

    #[automatically_derived]
    impl<T> ::core::fmt::Debug for MathClient<T> {
        fn fmt(&self, f: &mut ::core::fmt::Formatter<'_>) -> ::core::fmt::Result {
            f.debug_struct("MathClient").field("channel", &self.channel).finish()
        }
    }

    #[automatically_derived]
    impl anywire::Operation for op::Sum {
        type Request = Vec<i32>;
        type Response = i64;
        type Error = ::core::convert::Infallible;

        const META: &'static anywire::Meta = &anywire::Meta {
            package: "golden.messages.v1",
            service: "Math",
            name: "sum",
            kind: anywire::OperationKind::Message,
            streams: anywire::Streams::Neither,
            pattern: "\"math.sum\"",
            route: "math.sum",
            topic: Some("math.sum"),
            grpc: None,
            timeout: anywire::DEFAULT_TIMEOUT,
            idempotent: false,
            request_is_text: false,
            response_is_text: false,
            delivery: anywire::Delivery::AtMostOnce,
            fingerprint: "46583c4c2ddb6b35",
        };

        fn check(request: &Vec<i32>, violations: &mut anywire::Violations) {
            violations.len(request, 1..=3);
        }
    }

    #[automatically_derived]
    impl anywire::HasTopic for op::Sum {}

    #[automatically_derived]
    impl anywire::Operation for op::Next {
        type Request = anywire::Text<u64>;
        type Response = u32;
        type Error = ::core::convert::Infallible;

        const META: &'static anywire::Meta = &anywire::Meta {
            package: "golden.messages.v1",
            service: "Math",
            name: "next",
            kind: anywire::OperationKind::Message,
            streams: anywire::Streams::Neither,
            pattern: "{\"cmd\":\"next\",\"version\":2}",
            route: "{\"cmd\":\"next\",\"version\":2}",
            topic: None,
            grpc: None,
            timeout: anywire::DEFAULT_TIMEOUT,
            idempotent: false,
            request_is_text: true,
            response_is_text: false,
            delivery: anywire::Delivery::AtMostOnce,
            fingerprint: "36ada402d377b378",
        };
    }

    /// A type for each message, which stands for it where types are compared.
    pub mod op {
        use super::anywire::prelude::*;

        /// The message [`Math::sum`](super::Math::sum).
        #[derive(Clone, Copy, Debug)]
        pub struct Sum;

        /// The message [`Math::next`](super::Math::next).
        #[derive(Clone, Copy, Debug)]
        pub struct Next;
    }
}
