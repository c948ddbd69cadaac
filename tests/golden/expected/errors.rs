// @generated from contracts/errors.rs by anywire-contracts 0.1.0. Do not edit.

/// Error enums.
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
pub mod errors {
    use super::__anywire::__for_contracts_0_1_0 as anywire;
    use self::anywire::prelude::*;

    /// Defined at `contracts/errors.rs:4`.
    #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
    pub struct UserId(pub Uuid);

    #[automatically_derived]
    impl ::core::convert::From<Uuid> for UserId {
        fn from(value: Uuid) -> Self {
            Self(value)
        }
    }

    #[automatically_derived]
    impl ::core::fmt::Display for UserId {
        fn fmt(&self, f: &mut ::core::fmt::Formatter<'_>) -> ::core::fmt::Result {
            ::core::fmt::Display::fmt(&self.0, f)
        }
    }

    #[automatically_derived]
    impl anywire::Wire for UserId {
        fn encode(&self, to: &mut anywire::Writer) {
            anywire::Wire::encode(&self.0, to);
        }

        fn decode(from: &mut anywire::Reader<'_>) -> Result<Self, anywire::DecodeError> {
            anywire::Wire::decode(from).map(Self)
        }
    }

    /// What can go wrong with a user.
    ///
    /// Defined at `contracts/errors.rs:7`.
    #[derive(Clone, Debug, PartialEq, Eq, Hash)]
    pub enum UserError {
        /// Defined at `contracts/errors.rs:9`.
        NotFound {
            /// Defined at `contracts/errors.rs:9`.
            user_id: UserId,
        },
        /// Defined at `contracts/errors.rs:11`.
        EmailTaken {
            /// Defined at `contracts/errors.rs:12`.
            email: String,
            /// Defined at `contracts/errors.rs:13`.
            hint: String,
            /// Defined at `contracts/errors.rs:14`.
            others: Vec<String>,
        },
        /// Defined at `contracts/errors.rs:17`.
        DirectoryDown,
    }

    #[automatically_derived]
    impl ::core::fmt::Display for UserError {
        fn fmt(&self, f: &mut ::core::fmt::Formatter<'_>) -> ::core::fmt::Result {
            match self {
                Self::NotFound { user_id } => {
                    ::core::write!(f, "User {user_id} not found")
                }
                Self::EmailTaken { email, hint, .. } => {
                    ::core::write!(f, "{email} is {{taken}}, try {hint}")
                }
                Self::DirectoryDown => f.write_str("the directory is down"),
            }
        }
    }

    #[automatically_derived]
    impl ::core::error::Error for UserError {}

    #[automatically_derived]
    impl anywire::ContractError for UserError {
        const TYPE: &'static str = "golden.errors.v1.UserError";

        fn code(&self) -> &'static str {
            match self {
                Self::NotFound { .. } => "NOT_FOUND",
                Self::EmailTaken { .. } => "EMAIL_TAKEN",
                Self::DirectoryDown => "DIRECTORY_DOWN",
            }
        }

        fn kind(&self) -> anywire::Kind {
            match self {
                Self::NotFound { .. } => anywire::Kind::NotFound,
                Self::EmailTaken { .. } => anywire::Kind::Conflict,
                Self::DirectoryDown => anywire::Kind::Unavailable,
            }
        }

        fn is_retryable(&self) -> bool {
            ::core::matches!(self, Self::DirectoryDown)
        }

        fn encode_details(&self, to: &mut anywire::Writer) {
            to.begin_object();
            match self {
                Self::NotFound { user_id } => {
                    to.field("userId", user_id);
                }
                Self::EmailTaken { email, hint, others } => {
                    to.field("email", email);
                    to.field("hint", hint);
                    to.field("others", others);
                }
                Self::DirectoryDown => {}
            }
            to.end_object();
        }

        fn decode_details(
            code: &str,
            details: &mut anywire::Reader<'_>,
        ) -> Result<Option<Self>, anywire::DecodeError> {
            let error = match code {
                "NOT_FOUND" => {
                    const FIELDS: &[&str] = &["userId"];
                    let mut user_id = None;
                    let mut object = details.object(FIELDS)?;
                    while let Some(field) = object.next()? {
                        match field {
                            0 => object.read(&mut user_id)?,
                            _ => object.skip()?,
                        }
                    }
                    Self::NotFound {
                        user_id: object.required(0, user_id)?,
                    }
                }
                "EMAIL_TAKEN" => {
                    const FIELDS: &[&str] = &["email", "hint", "others"];
                    let mut email = None;
                    let mut hint = None;
                    let mut others = None;
                    let mut object = details.object(FIELDS)?;
                    while let Some(field) = object.next()? {
                        match field {
                            0 => object.read(&mut email)?,
                            1 => object.read(&mut hint)?,
                            2 => object.read(&mut others)?,
                            _ => object.skip()?,
                        }
                    }
                    Self::EmailTaken {
                        email: object.required(0, email)?,
                        hint: object.required(1, hint)?,
                        others: object.required(2, others)?,
                    }
                }
                "DIRECTORY_DOWN" => {
                    details.object(&[])?.pass()?;
                    Self::DirectoryDown
                }
                _ => return Ok(None),
            };
            Ok(Some(error))
        }
    }

    /// One that has no fields at all.
    ///
    /// Defined at `contracts/errors.rs:21`.
    #[derive(Clone, Debug, PartialEq, Eq, Hash)]
    pub enum Refused {
        /// Defined at `contracts/errors.rs:23`.
        NotYou {},
    }

    #[automatically_derived]
    impl ::core::fmt::Display for Refused {
        fn fmt(&self, f: &mut ::core::fmt::Formatter<'_>) -> ::core::fmt::Result {
            match self {
                Self::NotYou { .. } => f.write_str("not you"),
            }
        }
    }

    #[automatically_derived]
    impl ::core::error::Error for Refused {}

    #[automatically_derived]
    impl anywire::ContractError for Refused {
        const TYPE: &'static str = "golden.errors.v1.Refused";

        fn code(&self) -> &'static str {
            match self {
                Self::NotYou { .. } => "NOT_YOU",
            }
        }

        fn kind(&self) -> anywire::Kind {
            match self {
                Self::NotYou { .. } => anywire::Kind::Forbidden,
            }
        }

        fn encode_details(&self, to: &mut anywire::Writer) {
            to.begin_object();
            to.end_object();
        }

        fn decode_details(
            code: &str,
            details: &mut anywire::Reader<'_>,
        ) -> Result<Option<Self>, anywire::DecodeError> {
            let error = match code {
                "NOT_YOU" => {
                    details.object(&[])?.pass()?;
                    Self::NotYou {}
                }
                _ => return Ok(None),
            };
            Ok(Some(error))
        }
    }

    /// Handles the messages of `Errors`.
    ///
    /// Defined at `contracts/errors.rs:27`.
    pub trait Errors: ::core::marker::Send + ::core::marker::Sync + 'static {
        /// Handles `find`.
        ///
        /// Defined at `contracts/errors.rs:29`.
        fn find(
            &self,
            cx: &anywire::Context,
            request: FindRequest,
        ) -> impl ::core::future::Future<
            Output = Result<UserId, anywire::Failure<UserError>>,
        > + ::core::marker::Send;

        /// Handles `refuse`.
        ///
        /// Defined at `contracts/errors.rs:31`.
        fn refuse(
            &self,
            cx: &anywire::Context,
            request: RefuseRequest,
        ) -> impl ::core::future::Future<
            Output = Result<(), anywire::Failure<Refused>>,
        > + ::core::marker::Send;
    }

    /// Serves [`Errors`] by a handler.
    pub struct ErrorsServer<H> {
        handler: ::std::sync::Arc<H>,
    }

    impl<H: Errors> ErrorsServer<H> {
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
                "Errors",
                routes,
                anywire::BoxService::new(self),
                listener,
            )
        }
    }

    #[automatically_derived]
    impl<H> ::core::clone::Clone for ErrorsServer<H> {
        fn clone(&self) -> Self {
            Self {
                handler: ::std::sync::Arc::clone(&self.handler),
            }
        }
    }

    #[automatically_derived]
    impl<H> ::core::fmt::Debug for ErrorsServer<H> {
        fn fmt(&self, f: &mut ::core::fmt::Formatter<'_>) -> ::core::fmt::Result {
            f.debug_struct("ErrorsServer").finish_non_exhaustive()
        }
    }

    #[automatically_derived]
    impl<H, P> anywire::CarriedBy<P> for ErrorsServer<H>
    where
        P: anywire::RequestReply<op::Find>,
        P: anywire::RequestReply<op::Refuse>,
    {}

    #[automatically_derived]
    impl<H: Errors> anywire::Dispatch for ErrorsServer<H> {
        const OPERATIONS: &'static [&'static anywire::Meta] = &[
            <op::Find as anywire::Operation>::META,
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
                        match anywire::open::<op::Find>(request) {
                            Ok((cx, request)) => {
                                let result = Errors::find(&*handler, &cx, request).await;
                                anywire::respond::<op::Find>(result)
                            }
                            Err(reply) => reply,
                        }
                    })
                }
                1 => {
                    Box::pin(async move {
                        match anywire::open::<op::Refuse>(request) {
                            Ok((cx, request)) => {
                                let result = Errors::refuse(&*handler, &cx, request).await;
                                anywire::respond::<op::Refuse>(result)
                            }
                            Err(reply) => reply,
                        }
                    })
                }
                _ => anywire::no_handler(),
            }
        }
    }

    /// Calls [`Errors`] over a transport.
    pub struct ErrorsClient<T = anywire::AnyTransport> {
        channel: anywire::Channel<T>,
    }

    impl<T: anywire::Transport> ErrorsClient<T> {
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

        /// Calls `find`.
        ///
        /// Defined at `contracts/errors.rs:29`.
        pub fn find(
            &self,
            id: impl ::core::convert::Into<UserId>,
        ) -> anywire::Call<op::Find>
        where
            T: anywire::RequestReply<op::Find>,
        {
            self.channel.call(FindRequest::new(id))
        }

        /// Calls `refuse`.
        ///
        /// Defined at `contracts/errors.rs:31`.
        pub fn refuse(&self) -> anywire::Call<op::Refuse>
        where
            T: anywire::RequestReply<op::Refuse>,
        {
            self.channel.call(RefuseRequest::new())
        }
    }

    #[automatically_derived]
    impl<T> ::core::clone::Clone for ErrorsClient<T> {
        fn clone(&self) -> Self {
            Self {
                channel: ::core::clone::Clone::clone(&self.channel),
            }
        }
    }

    #[automatically_derived]
    impl<T> ::core::fmt::Debug for ErrorsClient<T> {
        fn fmt(&self, f: &mut ::core::fmt::Formatter<'_>) -> ::core::fmt::Result {
            f.debug_struct("ErrorsClient").field("channel", &self.channel).finish()
        }
    }

    /// What [`Errors::find`] is called with.
    #[derive(Clone, Debug, PartialEq, Eq, Hash)]
    pub struct FindRequest {
        /// Defined at `contracts/errors.rs:29`.
        pub id: UserId,
    }

    impl FindRequest {
        /// A value of its fields.
        #[must_use]
        pub fn new(id: impl ::core::convert::Into<UserId>) -> Self {
            Self { id: id.into() }
        }
    }

    #[automatically_derived]
    impl anywire::Wire for FindRequest {
        fn encode(&self, to: &mut anywire::Writer) {
            to.begin_object();
            to.field("id", &self.id);
            to.end_object();
        }

        fn decode(from: &mut anywire::Reader<'_>) -> Result<Self, anywire::DecodeError> {
            const FIELDS: &[&str] = &["id"];
            let mut id = None;
            let mut object = from.object(FIELDS)?;
            while let Some(field) = object.next()? {
                match field {
                    0 => object.read(&mut id)?,
                    _ => object.skip()?,
                }
            }
            Ok(Self {
                id: object.required(0, id)?,
            })
        }
    }

    #[automatically_derived]
    impl anywire::Operation for op::Find {
        type Request = FindRequest;
        type Response = UserId;
        type Error = UserError;

        const META: &'static anywire::Meta = &anywire::Meta {
            package: "golden.errors.v1",
            service: "Errors",
            name: "find",
            kind: anywire::OperationKind::Message,
            pattern: "\"errors.find\"",
            route: "errors.find",
            timeout: anywire::DEFAULT_TIMEOUT,
            idempotent: false,
            delivery: anywire::Delivery::AtMostOnce,
        };
    }

    /// What [`Errors::refuse`] is called with.
    #[derive(Clone, Debug, PartialEq, Eq, Hash)]
    pub struct RefuseRequest {}

    impl RefuseRequest {
        /// The only value.
        #[must_use]
        pub fn new() -> Self {
            Self {}
        }
    }

    #[automatically_derived]
    impl anywire::Wire for RefuseRequest {
        fn encode(&self, to: &mut anywire::Writer) {
            to.begin_object();
            to.end_object();
        }

        fn decode(from: &mut anywire::Reader<'_>) -> Result<Self, anywire::DecodeError> {
            from.object(&[])?.pass()?;
            Ok(Self {})
        }
    }

    #[automatically_derived]
    impl anywire::Operation for op::Refuse {
        type Request = RefuseRequest;
        type Response = ();
        type Error = Refused;

        const META: &'static anywire::Meta = &anywire::Meta {
            package: "golden.errors.v1",
            service: "Errors",
            name: "refuse",
            kind: anywire::OperationKind::Message,
            pattern: "\"errors.refuse\"",
            route: "errors.refuse",
            timeout: anywire::DEFAULT_TIMEOUT,
            idempotent: false,
            delivery: anywire::Delivery::AtMostOnce,
        };
    }

    /// A type for each message, which stands for it where types are compared.
    pub mod op {
        use super::anywire::prelude::*;

        /// The message [`Errors::find`](super::Errors::find).
        #[derive(Clone, Copy, Debug)]
        pub struct Find;

        /// The message [`Errors::refuse`](super::Errors::refuse).
        #[derive(Clone, Copy, Debug)]
        pub struct Refuse;
    }
}
