// @generated from contracts/enums.rs by anywire-contracts 0.1.0. Do not edit.

/// Unit enums and data enums, closed and open.
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
    clippy::similar_names,
    clippy::struct_excessive_bools,
    clippy::struct_field_names,
    clippy::too_many_arguments,
    clippy::too_many_lines,
    clippy::unreadable_literal,
    clippy::used_underscore_binding,
    clippy::wildcard_imports,
    reason = "the contract decides about names, sizes and numbers"
)]
pub mod enums {
    use super::__anywire::__for_contracts_0_1_0 as anywire;
    use self::anywire::prelude::*;

    /// Closed: another value does not decode.
    ///
    /// Defined at `contracts/enums.rs:5`.
    #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
    pub enum Color {
        /// Defined at `contracts/enums.rs:6`.
        Red,
        /// Defined at `contracts/enums.rs:8`.
        Green,
    }

    #[automatically_derived]
    impl ::core::fmt::Display for Color {
        fn fmt(&self, f: &mut ::core::fmt::Formatter<'_>) -> ::core::fmt::Result {
            match self {
                Self::Red => f.write_str("red"),
                Self::Green => f.write_str("GREEN"),
            }
        }
    }

    #[automatically_derived]
    impl anywire::Wire for Color {
        fn encode(&self, to: &mut anywire::Writer) {
            match self {
                Self::Red => to.string("red"),
                Self::Green => to.string("GREEN"),
            }
        }

        fn decode(from: &mut anywire::Reader<'_>) -> Result<Self, anywire::DecodeError> {
            const NAMES: &[&str] = &["red", "GREEN"];
            match from.variant(NAMES)? {
                Some(0) => Ok(Self::Red),
                Some(1) => Ok(Self::Green),
                _ => Err(anywire::Reader::unknown_variant(NAMES)),
            }
        }
    }

    /// May grow.
    ///
    /// Defined at `contracts/enums.rs:13`.
    #[derive(Clone, Debug, PartialEq, Eq, Hash)]
    #[non_exhaustive]
    pub enum Role {
        /// Defined at `contracts/enums.rs:14`.
        Admin,
        /// Defined at `contracts/enums.rs:15`.
        TeamMember,
        /// One that this version of the contract does not know; it is written back as it came.
        Unknown(anywire::Unrecognized),
    }

    #[automatically_derived]
    impl ::core::fmt::Display for Role {
        fn fmt(&self, f: &mut ::core::fmt::Formatter<'_>) -> ::core::fmt::Result {
            match self {
                Self::Admin => f.write_str("admin"),
                Self::TeamMember => f.write_str("team_member"),
                Self::Unknown(unknown) => ::core::fmt::Display::fmt(unknown, f),
            }
        }
    }

    #[automatically_derived]
    impl anywire::Wire for Role {
        fn encode(&self, to: &mut anywire::Writer) {
            match self {
                Self::Admin => to.string("admin"),
                Self::TeamMember => to.string("team_member"),
                Self::Unknown(unknown) => anywire::Wire::encode(unknown, to),
            }
        }

        fn decode(from: &mut anywire::Reader<'_>) -> Result<Self, anywire::DecodeError> {
            const NAMES: &[&str] = &["admin", "team_member"];
            match from.variant(NAMES)? {
                Some(0) => Ok(Self::Admin),
                Some(1) => Ok(Self::TeamMember),
                _ => Ok(Self::Unknown(anywire::Wire::decode(from)?)),
            }
        }
    }

    /// Told apart by its type.
    ///
    /// Defined at `contracts/enums.rs:19`.
    #[derive(Clone, Debug, PartialEq, Eq, Hash)]
    pub enum Payment {
        /// Defined at `contracts/enums.rs:20`.
        Card {
            /// Defined at `contracts/enums.rs:20`.
            last4: String,
            /// Defined at `contracts/enums.rs:20`.
            amount: u64,
        },
        /// Defined at `contracts/enums.rs:21`.
        Cash {},
        /// Defined at `contracts/enums.rs:22`.
        Nothing,
    }

    #[automatically_derived]
    impl anywire::Wire for Payment {
        fn encode(&self, to: &mut anywire::Writer) {
            match self {
                Self::Card { last4, amount } => {
                    to.begin_object();
                    to.tag("type", "card");
                    to.field("last4", last4);
                    to.field("amount", &anywire::Text(*amount));
                    to.end_object();
                }
                Self::Cash {} => {
                    to.begin_object();
                    to.tag("type", "cash");
                    to.end_object();
                }
                Self::Nothing => {
                    to.begin_object();
                    to.tag("type", "nothing");
                    to.end_object();
                }
            }
        }

        fn decode(from: &mut anywire::Reader<'_>) -> Result<Self, anywire::DecodeError> {
            const TAGS: &[&str] = &["card", "cash", "nothing"];
            match from.tag("type", TAGS)? {
                Some(0) => {
                    const FIELDS: &[&str] = &["last4", "amount"];
                    let mut last4 = None;
                    let mut amount: Option<anywire::Text<u64>> = None;
                    let mut object = from.object(FIELDS)?;
                    while let Some(field) = object.next()? {
                        match field {
                            0 => object.read(&mut last4)?,
                            1 => object.read(&mut amount)?,
                            _ => object.skip()?,
                        }
                    }
                    Ok(Self::Card {
                        last4: object.required(0, last4)?,
                        amount: object.required(1, amount)?.0,
                    })
                }
                Some(1) => {
                    from.object(&[])?.pass()?;
                    Ok(Self::Cash {})
                }
                Some(2) => {
                    from.object(&[])?.pass()?;
                    Ok(Self::Nothing)
                }
                _ => Err(anywire::Reader::unknown_tag("type", TAGS)),
            }
        }
    }

    /// May grow, with a tag of its own.
    ///
    /// Defined at `contracts/enums.rs:28`.
    #[derive(Clone, Debug, PartialEq)]
    #[non_exhaustive]
    pub enum Shape {
        /// Defined at `contracts/enums.rs:29`.
        Circle {
            /// Defined at `contracts/enums.rs:29`.
            radius: f64,
        },
        /// Defined at `contracts/enums.rs:30`.
        Boxed {
            /// Defined at `contracts/enums.rs:30`.
            inner: Box<Shape>,
            /// Defined at `contracts/enums.rs:30`.
            label: Option<String>,
        },
        /// One that this version of the contract does not know; it is written back as it came.
        Unknown(anywire::Unrecognized),
    }

    #[automatically_derived]
    impl anywire::Wire for Shape {
        fn encode(&self, to: &mut anywire::Writer) {
            match self {
                Self::Circle { radius } => {
                    to.begin_object();
                    to.tag("kind", "circle");
                    to.field("radius", radius);
                    to.end_object();
                }
                Self::Boxed { inner, label } => {
                    to.begin_object();
                    to.tag("kind", "boxed");
                    to.field("inner", inner);
                    to.optional("label", label);
                    to.end_object();
                }
                Self::Unknown(unknown) => anywire::Wire::encode(unknown, to),
            }
        }

        fn decode(from: &mut anywire::Reader<'_>) -> Result<Self, anywire::DecodeError> {
            const TAGS: &[&str] = &["circle", "boxed"];
            match from.tag("kind", TAGS)? {
                Some(0) => {
                    const FIELDS: &[&str] = &["radius"];
                    let mut radius = None;
                    let mut object = from.object(FIELDS)?;
                    while let Some(field) = object.next()? {
                        match field {
                            0 => object.read(&mut radius)?,
                            _ => object.skip()?,
                        }
                    }
                    Ok(Self::Circle {
                        radius: object.required(0, radius)?,
                    })
                }
                Some(1) => {
                    const FIELDS: &[&str] = &["inner", "label"];
                    let mut inner = None;
                    let mut label = None;
                    let mut object = from.object(FIELDS)?;
                    while let Some(field) = object.next()? {
                        match field {
                            0 => object.read(&mut inner)?,
                            1 => object.read_optional(&mut label)?,
                            _ => object.skip()?,
                        }
                    }
                    Ok(Self::Boxed {
                        inner: object.required(0, inner)?,
                        label,
                    })
                }
                _ => Ok(Self::Unknown(anywire::Wire::decode(from)?)),
            }
        }
    }

    /// Handles the messages of `Enums`.
    ///
    /// Defined at `contracts/enums.rs:34`.
    pub trait Enums: ::core::marker::Send + ::core::marker::Sync + 'static {
        /// Handles `paint`.
        ///
        /// Defined at `contracts/enums.rs:36`.
        fn paint(
            &self,
            cx: &anywire::Context,
            request: PaintRequest,
        ) -> impl ::core::future::Future<
            Output = Result<(), anywire::Failure>,
        > + ::core::marker::Send;
    }

    /// Serves [`Enums`] by a handler.
    pub struct EnumsServer<H> {
        handler: ::std::sync::Arc<H>,
    }

    impl<H: Enums> EnumsServer<H> {
        /// A server that calls this handler. Clones share it, each for a transport of its own.
        #[must_use]
        pub fn new(handler: H) -> Self {
            Self {
                handler: ::std::sync::Arc::new(handler),
            }
        }

        /// Binds it to a transport, for an `App` to serve.
        pub fn on<L: anywire::Listen>(self, listener: L) -> anywire::Bound
        where
            Self: anywire::CarriedBy<L::Profile>,
        {
            let routes = anywire::Routes {
                operations: <Self as anywire::Dispatch>::OPERATIONS,
                group: None,
            };
            anywire::Bound::new(
                "Enums",
                routes,
                anywire::BoxService::new(self),
                listener,
            )
        }
    }

    #[automatically_derived]
    impl<H> ::core::clone::Clone for EnumsServer<H> {
        fn clone(&self) -> Self {
            Self {
                handler: ::std::sync::Arc::clone(&self.handler),
            }
        }
    }

    #[automatically_derived]
    impl<H> ::core::fmt::Debug for EnumsServer<H> {
        fn fmt(&self, f: &mut ::core::fmt::Formatter<'_>) -> ::core::fmt::Result {
            f.debug_struct("EnumsServer").finish_non_exhaustive()
        }
    }

    #[automatically_derived]
    impl<H, P> anywire::CarriedBy<P> for EnumsServer<H>
    where
        P: anywire::RequestReply<op::Paint>,
    {}

    #[automatically_derived]
    impl<H: Enums> anywire::Dispatch for EnumsServer<H> {
        const OPERATIONS: &'static [&'static anywire::Meta] = &[
            <op::Paint as anywire::Operation>::META,
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
                        match anywire::open::<op::Paint>(request) {
                            Ok((cx, request)) => {
                                let result = Enums::paint(&*handler, &cx, request).await;
                                anywire::respond::<op::Paint>(result)
                            }
                            Err(reply) => reply,
                        }
                    })
                }
                _ => anywire::no_handler(),
            }
        }
    }

    /// Calls [`Enums`] over a transport.
    pub struct EnumsClient<T = anywire::AnyTransport> {
        channel: anywire::Channel<T>,
    }

    impl<T: anywire::Transport> EnumsClient<T> {
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

        /// Calls `paint`.
        ///
        /// Defined at `contracts/enums.rs:36`.
        pub fn paint(
            &self,
            color: Color,
            role: Role,
            payment: Payment,
            shape: Shape,
        ) -> anywire::Call<op::Paint>
        where
            T: anywire::RequestReply<op::Paint>,
        {
            self.channel.call(PaintRequest::new(color, role, payment, shape))
        }
    }

    #[automatically_derived]
    impl<T> ::core::clone::Clone for EnumsClient<T> {
        fn clone(&self) -> Self {
            Self {
                channel: ::core::clone::Clone::clone(&self.channel),
            }
        }
    }

    #[automatically_derived]
    impl<T> ::core::fmt::Debug for EnumsClient<T> {
        fn fmt(&self, f: &mut ::core::fmt::Formatter<'_>) -> ::core::fmt::Result {
            f.debug_struct("EnumsClient").field("channel", &self.channel).finish()
        }
    }

    /// What [`Enums::paint`] is called with.
    #[derive(Clone, Debug, PartialEq)]
    pub struct PaintRequest {
        /// Defined at `contracts/enums.rs:36`.
        pub color: Color,
        /// Defined at `contracts/enums.rs:36`.
        pub role: Role,
        /// Defined at `contracts/enums.rs:36`.
        pub payment: Payment,
        /// Defined at `contracts/enums.rs:36`.
        pub shape: Shape,
    }

    impl PaintRequest {
        /// A value of its fields.
        #[must_use]
        pub fn new(color: Color, role: Role, payment: Payment, shape: Shape) -> Self {
            Self {
                color,
                role,
                payment,
                shape,
            }
        }
    }

    #[automatically_derived]
    impl anywire::Wire for PaintRequest {
        fn encode(&self, to: &mut anywire::Writer) {
            to.begin_object();
            to.field("color", &self.color);
            to.field("role", &self.role);
            to.field("payment", &self.payment);
            to.field("shape", &self.shape);
            to.end_object();
        }

        fn decode(from: &mut anywire::Reader<'_>) -> Result<Self, anywire::DecodeError> {
            const FIELDS: &[&str] = &["color", "role", "payment", "shape"];
            let mut color = None;
            let mut role = None;
            let mut payment = None;
            let mut shape = None;
            let mut object = from.object(FIELDS)?;
            while let Some(field) = object.next()? {
                match field {
                    0 => object.read(&mut color)?,
                    1 => object.read(&mut role)?,
                    2 => object.read(&mut payment)?,
                    3 => object.read(&mut shape)?,
                    _ => object.skip()?,
                }
            }
            Ok(Self {
                color: object.required(0, color)?,
                role: object.required(1, role)?,
                payment: object.required(2, payment)?,
                shape: object.required(3, shape)?,
            })
        }
    }

    #[automatically_derived]
    impl anywire::Operation for op::Paint {
        type Request = PaintRequest;
        type Response = ();
        type Error = ::core::convert::Infallible;

        const META: &'static anywire::Meta = &anywire::Meta {
            package: "golden.enums.v1",
            service: "Enums",
            name: "paint",
            kind: anywire::OperationKind::Message,
            pattern: "\"enums.paint\"",
            route: "enums.paint",
            timeout: anywire::DEFAULT_TIMEOUT,
            idempotent: false,
            delivery: anywire::Delivery::AtMostOnce,
        };
    }

    /// A type for each message, which stands for it where types are compared.
    pub mod op {
        use super::anywire::prelude::*;

        /// The message [`Enums::paint`](super::Enums::paint).
        #[derive(Clone, Copy, Debug)]
        pub struct Paint;
    }
}
