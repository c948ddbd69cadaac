// @generated from contracts/everything.rs by anywire-contracts 0.1.0. Do not edit.

/// Uses every type of the goldens, so that none is unused.
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
pub mod everything {
    use super::__anywire::__for_contracts_0_1_0 as anywire;
    use self::anywire::prelude::*;
    use super::checks::SignUp;
    use super::containers::Containers;
    use super::containers::Names;
    use super::defaults::Page;
    use super::enums::Color;
    use super::enums::Role;
    use super::errors::Refused;
    use super::errors::UserError;
    use super::nested::Person;
    use super::scalars::Empty;
    use super::scalars::Scalars;
    use super::unions::Payment;
    use super::unions::Shape;

    /// Handles the messages of `Everything`.
    ///
    /// Defined at `contracts/everything.rs:14`.
    pub trait Everything: ::core::marker::Send + ::core::marker::Sync + 'static {
        /// Handles `fail`.
        ///
        /// Defined at `contracts/everything.rs:30`.
        fn fail(
            &self,
            cx: &anywire::Context,
            role: Role,
        ) -> impl ::core::future::Future<
            Output = Result<(), anywire::Failure<UserError>>,
        > + ::core::marker::Send;

        /// Handles `refuse`.
        ///
        /// Defined at `contracts/everything.rs:32`.
        fn refuse(
            &self,
            cx: &anywire::Context,
            role: Role,
        ) -> impl ::core::future::Future<
            Output = Result<(), anywire::Failure<Refused>>,
        > + ::core::marker::Send;
    }

    /// Serves [`Everything`] by a handler.
    pub struct EverythingServer<H> {
        handler: ::std::sync::Arc<H>,
        service: anywire::AsService<Self>,
    }

    impl<H> EverythingServer<H> {
        /// A server that calls this handler. Clones share it, each for a transport of its own.
        #[must_use]
        pub fn new(handler: H) -> Self
        where
            H: Everything,
        {
            Self::from_arc(::std::sync::Arc::new(handler))
        }

        /// The same for a handler that is shared already, as by one that takes events as well.
        #[must_use]
        pub fn from_arc(handler: ::std::sync::Arc<H>) -> Self
        where
            H: Everything,
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
            self.service.bind("Everything", self, None, listener)
        }
    }

    #[automatically_derived]
    impl<H> ::core::clone::Clone for EverythingServer<H> {
        fn clone(&self) -> Self {
            Self {
                handler: ::std::sync::Arc::clone(&self.handler),
                service: self.service,
            }
        }
    }

    #[automatically_derived]
    impl<H> ::core::fmt::Debug for EverythingServer<H> {
        fn fmt(&self, f: &mut ::core::fmt::Formatter<'_>) -> ::core::fmt::Result {
            f.debug_struct("EverythingServer").finish_non_exhaustive()
        }
    }

    #[automatically_derived]
    impl<H, P> anywire::CarriedBy<P> for EverythingServer<H>
    where
        P: anywire::RequestReply<op::Fail>,
        P: anywire::RequestReply<op::Refuse>,
    {}

    #[automatically_derived]
    impl<H: Everything> anywire::Dispatch for EverythingServer<H> {
        const OPERATIONS: &'static [&'static anywire::Meta] = &[
            <op::Fail as anywire::Operation>::META,
            <op::Refuse as anywire::Operation>::META,
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
                        match anywire::open::<op::Fail>(request) {
                            Ok((cx, request)) => {
                                let result = Everything::fail(&*handler, &cx, request)
                                    .await;
                                anywire::respond::<op::Fail>(&cx, result)
                            }
                            Err(reply) => reply,
                        }
                    })
                }
                1 => {
                    Box::pin(async move {
                        match anywire::open::<op::Refuse>(request) {
                            Ok((cx, request)) => {
                                let result = Everything::refuse(&*handler, &cx, request)
                                    .await;
                                anywire::respond::<op::Refuse>(&cx, result)
                            }
                            Err(reply) => reply,
                        }
                    })
                }
                _ => anywire::no_handler(),
            }
        }
    }

    /// Calls [`Everything`] over a transport.
    pub struct EverythingClient<T = anywire::AnyTransport> {
        channel: anywire::Channel<T>,
    }

    impl<T: anywire::Transport> EverythingClient<T> {
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

        /// Calls `fail`.
        ///
        /// Defined at `contracts/everything.rs:30`.
        pub fn fail(&self, role: Role) -> anywire::Call<op::Fail>
        where
            T: anywire::RequestReply<op::Fail>,
        {
            self.channel.call(role)
        }

        /// Calls `refuse`.
        ///
        /// Defined at `contracts/everything.rs:32`.
        pub fn refuse(&self, role: Role) -> anywire::Call<op::Refuse>
        where
            T: anywire::RequestReply<op::Refuse>,
        {
            self.channel.call(role)
        }
    }

    #[automatically_derived]
    impl<T> ::core::clone::Clone for EverythingClient<T> {
        fn clone(&self) -> Self {
            Self {
                channel: ::core::clone::Clone::clone(&self.channel),
            }
        }
    }

    #[automatically_derived]
    impl<T> ::core::fmt::Debug for EverythingClient<T> {
        fn fmt(&self, f: &mut ::core::fmt::Formatter<'_>) -> ::core::fmt::Result {
            f.debug_struct("EverythingClient").field("channel", &self.channel).finish()
        }
    }

    #[automatically_derived]
    impl anywire::Operation for op::Fail {
        type Request = Role;
        type Response = ();
        type Error = UserError;

        const META: &'static anywire::Meta = &anywire::Meta {
            package: "golden.everything.v1",
            service: "Everything",
            name: "fail",
            kind: anywire::OperationKind::Message,
            streams: anywire::Streams::Neither,
            pattern: "\"fail\"",
            route: "fail",
            topic: Some("fail"),
            grpc: None,
            timeout: anywire::DEFAULT_TIMEOUT,
            idempotent: false,
            request_is_text: true,
            response_is_text: false,
            delivery: anywire::Delivery::AtMostOnce,
            fingerprint: "6aab4d93e46ea2d0",
        };
    }

    #[automatically_derived]
    impl anywire::HasTopic for op::Fail {}

    #[automatically_derived]
    impl anywire::Operation for op::Refuse {
        type Request = Role;
        type Response = ();
        type Error = Refused;

        const META: &'static anywire::Meta = &anywire::Meta {
            package: "golden.everything.v1",
            service: "Everything",
            name: "refuse",
            kind: anywire::OperationKind::Message,
            streams: anywire::Streams::Neither,
            pattern: "\"refuse\"",
            route: "refuse",
            topic: Some("refuse"),
            grpc: None,
            timeout: anywire::DEFAULT_TIMEOUT,
            idempotent: false,
            request_is_text: true,
            response_is_text: false,
            delivery: anywire::Delivery::AtMostOnce,
            fingerprint: "c4fe81ab8f66b0a4",
        };
    }

    #[automatically_derived]
    impl anywire::HasTopic for op::Refuse {}

    /// Publishes the events of `Everything` over a transport.
    pub struct EverythingPublisher<T = anywire::AnyTransport> {
        channel: anywire::Channel<T>,
    }

    impl<T: anywire::Transport> EverythingPublisher<T> {
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

        /// Publishes `all_used`.
        ///
        /// Defined at `contracts/everything.rs:16`.
        pub fn all_used(
            &self,
            sign_up: SignUp,
            containers: Containers,
            names: Names,
            page: Page,
            color: Color,
            role: Role,
            person: Person,
            empty: Empty,
            scalars: Scalars,
            payment: Payment,
            shape: Shape,
        ) -> anywire::Call<AllUsed>
        where
            T: anywire::AtMostOnce<AllUsed>,
        {
            self.channel
                .call(
                    AllUsed::new(
                        sign_up,
                        containers,
                        names,
                        page,
                        color,
                        role,
                        person,
                        empty,
                        scalars,
                        payment,
                        shape,
                    ),
                )
        }
    }

    #[automatically_derived]
    impl<T> ::core::clone::Clone for EverythingPublisher<T> {
        fn clone(&self) -> Self {
            Self {
                channel: ::core::clone::Clone::clone(&self.channel),
            }
        }
    }

    #[automatically_derived]
    impl<T> ::core::fmt::Debug for EverythingPublisher<T> {
        fn fmt(&self, f: &mut ::core::fmt::Formatter<'_>) -> ::core::fmt::Result {
            f.debug_struct("EverythingPublisher")
                .field("channel", &self.channel)
                .finish()
        }
    }

    /// The event `all_used`.
    ///
    /// Defined at `contracts/everything.rs:16`.
    #[derive(Clone, Debug, PartialEq)]
    pub struct AllUsed {
        /// Defined at `contracts/everything.rs:17`.
        pub sign_up: SignUp,
        /// Defined at `contracts/everything.rs:18`.
        pub containers: Containers,
        /// Defined at `contracts/everything.rs:19`.
        pub names: Names,
        /// Defined at `contracts/everything.rs:20`.
        pub page: Page,
        /// Defined at `contracts/everything.rs:21`.
        pub color: Color,
        /// Defined at `contracts/everything.rs:22`.
        pub role: Role,
        /// Defined at `contracts/everything.rs:23`.
        pub person: Person,
        /// Defined at `contracts/everything.rs:24`.
        pub empty: Empty,
        /// Defined at `contracts/everything.rs:25`.
        pub scalars: Scalars,
        /// Defined at `contracts/everything.rs:26`.
        pub payment: Payment,
        /// Defined at `contracts/everything.rs:27`.
        pub shape: Shape,
    }

    impl AllUsed {
        /// A value of its fields.
        #[must_use]
        pub fn new(
            sign_up: SignUp,
            containers: Containers,
            names: Names,
            page: Page,
            color: Color,
            role: Role,
            person: Person,
            empty: Empty,
            scalars: Scalars,
            payment: Payment,
            shape: Shape,
        ) -> Self {
            Self {
                sign_up,
                containers,
                names,
                page,
                color,
                role,
                person,
                empty,
                scalars,
                payment,
                shape,
            }
        }
    }

    #[automatically_derived]
    impl anywire::Wire for AllUsed {
        fn encode(&self, to: &mut anywire::Writer) {
            to.begin_object();
            to.field("sign_up", &self.sign_up);
            to.field("containers", &self.containers);
            to.field("names", &self.names);
            to.field("page", &self.page);
            to.field("color", &self.color);
            to.field("role", &self.role);
            to.field("person", &self.person);
            to.field("empty", &self.empty);
            to.field("scalars", &self.scalars);
            to.field("payment", &self.payment);
            to.field("shape", &self.shape);
            to.end_object();
        }

        fn decode(from: &mut anywire::Reader<'_>) -> Result<Self, anywire::DecodeError> {
            const FIELDS: &[&str] = &[
                "sign_up",
                "containers",
                "names",
                "page",
                "color",
                "role",
                "person",
                "empty",
                "scalars",
                "payment",
                "shape",
            ];
            let mut sign_up = None;
            let mut containers = None;
            let mut names = None;
            let mut page = None;
            let mut color = None;
            let mut role = None;
            let mut person = None;
            let mut empty = None;
            let mut scalars = None;
            let mut payment = None;
            let mut shape = None;
            let mut object = from.object(FIELDS);
            while let Some(field) = object.next_field() {
                match field {
                    0 => object.read(&mut sign_up),
                    1 => object.read(&mut containers),
                    2 => object.read(&mut names),
                    3 => object.read(&mut page),
                    4 => object.read(&mut color),
                    5 => object.read(&mut role),
                    6 => object.read(&mut person),
                    7 => object.read(&mut empty),
                    8 => object.read(&mut scalars),
                    9 => object.read(&mut payment),
                    10 => object.read(&mut shape),
                    _ => object.skip(),
                }
            }
            let (
                true,
                Some(sign_up),
                Some(containers),
                Some(names),
                Some(page),
                Some(color),
                Some(role),
                Some(person),
                Some(empty),
                Some(scalars),
                Some(payment),
                Some(shape),
            ) = (
                object.is_sound(),
                sign_up,
                containers,
                names,
                page,
                color,
                role,
                person,
                empty,
                scalars,
                payment,
                shape,
            ) else {
                return Err(object.failure(&[0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10]));
            };
            Ok(Self {
                sign_up,
                containers,
                names,
                page,
                color,
                role,
                person,
                empty,
                scalars,
                payment,
                shape,
            })
        }

        fn check(&self, violations: &mut anywire::Violations) {
            violations.enter("sign_up");
            anywire::Wire::check(&self.sign_up, violations);
            violations.leave();
            violations.enter("person");
            anywire::Wire::check(&self.person, violations);
            violations.leave();
        }
    }

    #[automatically_derived]
    impl anywire::Operation for AllUsed {
        type Request = AllUsed;
        type Response = ();
        type Error = ::core::convert::Infallible;

        const META: &'static anywire::Meta = &anywire::Meta {
            package: "golden.everything.v1",
            service: "Everything",
            name: "all_used",
            kind: anywire::OperationKind::Event,
            streams: anywire::Streams::Neither,
            pattern: "\"all.used\"",
            route: "all.used",
            topic: Some("all.used"),
            grpc: None,
            timeout: anywire::DEFAULT_TIMEOUT,
            idempotent: false,
            request_is_text: false,
            response_is_text: false,
            delivery: anywire::Delivery::AtMostOnce,
            fingerprint: "65c60e345ea67261",
        };
    }

    #[automatically_derived]
    impl anywire::HasTopic for AllUsed {}

    #[automatically_derived]
    impl anywire::Event for AllUsed {}

    #[automatically_derived]
    impl<P: anywire::AtMostOnce<AllUsed>> anywire::CarriedBy<P> for AllUsed {}

    /// Delivers [`AllUsed`] to a handler.
    pub type AllUsedSubscriber<H> = anywire::Subscriber<AllUsed, H>;

    /// A type for each message, which stands for it where types are compared.
    pub mod op {
        use super::anywire::prelude::*;

        /// The message [`Everything::fail`](super::Everything::fail).
        #[derive(Clone, Copy, Debug)]
        pub struct Fail;

        /// The message [`Everything::refuse`](super::Everything::refuse).
        #[derive(Clone, Copy, Debug)]
        pub struct Refuse;
    }
}
