// @generated from contracts/users.rs by anywire-contracts 0.1.0. Do not edit.

/// Users service.
#[allow(
    dead_code,
    deprecated,
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
pub mod users {
    use super::__anywire::__for_contracts_0_1_0 as anywire;
    use self::anywire::prelude::*;
    use super::shop::money::Money;

    /// A registered user.
    ///
    /// Defined at `contracts/users.rs:7`.
    #[derive(Clone, Debug, PartialEq)]
    pub struct User {
        /// Defined at `contracts/users.rs:8`.
        pub id: UserId,
        /// Defined at `contracts/users.rs:9`.
        pub email: String,
        /// Defined at `contracts/users.rs:10`.
        pub credit: Option<Money>,
    }

    impl User {
        /// A value of its required fields; the others are empty or have their defaults.
        #[must_use]
        pub fn new(
            id: impl ::core::convert::Into<UserId>,
            email: impl ::core::convert::Into<String>,
        ) -> Self {
            Self {
                id: id.into(),
                email: email.into(),
                credit: None,
            }
        }
    }

    #[automatically_derived]
    impl anywire::Wire for User {
        fn encode(&self, to: &mut anywire::Writer) {
            to.begin_object();
            to.field("id", &self.id);
            to.field("email", &self.email);
            to.optional("credit", &self.credit);
            to.end_object();
        }

        fn decode(from: &mut anywire::Reader<'_>) -> Result<Self, anywire::DecodeError> {
            const FIELDS: &[&str] = &["id", "email", "credit"];
            let mut id = None;
            let mut email = None;
            let mut credit = None;
            let mut object = from.object(FIELDS);
            while let Some(field) = object.next_field() {
                match field {
                    0 => object.read(&mut id),
                    1 => object.read(&mut email),
                    2 => object.read_optional(&mut credit),
                    _ => object.skip(),
                }
            }
            let (true, Some(id), Some(email)) = (object.is_sound(), id, email) else {
                return Err(object.failure(&[0, 1]));
            };
            Ok(Self { id, email, credit })
        }
    }

    /// Defined at `contracts/users.rs:13`.
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

    /// Defined at `contracts/users.rs:15`.
    #[derive(Clone, Debug, PartialEq, Eq, Hash)]
    pub enum UserError {
        /// Defined at `contracts/users.rs:17`.
        NotFound {
            /// Defined at `contracts/users.rs:17`.
            id: UserId,
        },
    }

    #[automatically_derived]
    impl ::core::fmt::Display for UserError {
        fn fmt(&self, f: &mut ::core::fmt::Formatter<'_>) -> ::core::fmt::Result {
            match self {
                Self::NotFound { id } => ::core::write!(f, "User {id} not found"),
            }
        }
    }

    #[automatically_derived]
    impl ::core::error::Error for UserError {}

    #[automatically_derived]
    impl anywire::ContractError for UserError {
        const TYPE: &'static str = "golden.users.v1.UserError";

        fn code(&self) -> &'static str {
            match self {
                Self::NotFound { .. } => "NOT_FOUND",
            }
        }

        fn kind(&self) -> anywire::Kind {
            match self {
                Self::NotFound { .. } => anywire::Kind::NotFound,
            }
        }

        fn encode_details(&self, to: &mut anywire::Writer) {
            to.begin_object();
            match self {
                Self::NotFound { id } => {
                    to.field("id", id);
                }
            }
            to.end_object();
        }

        fn decode_details(
            code: &str,
            details: &mut anywire::Reader<'_>,
        ) -> Result<Option<Self>, anywire::DecodeError> {
            let error = match code {
                "NOT_FOUND" => {
                    const FIELDS: &[&str] = &["id"];
                    let mut id = None;
                    let mut object = details.object(FIELDS);
                    while let Some(field) = object.next_field() {
                        match field {
                            0 => object.read(&mut id),
                            _ => object.skip(),
                        }
                    }
                    let (true, Some(id)) = (object.is_sound(), id) else {
                        return Err(object.failure(&[0]));
                    };
                    Self::NotFound { id }
                }
                _ => return Ok(None),
            };
            Ok(Some(error))
        }
    }

    /// Knows everybody.
    ///
    /// Defined at `contracts/users.rs:22`.
    pub trait Users: ::core::marker::Send + ::core::marker::Sync + 'static {
        /// Finds a user.
        ///
        /// Defined at `contracts/users.rs:25`.
        fn get_user(
            &self,
            cx: &anywire::Context,
            request: GetUserRequest,
        ) -> impl ::core::future::Future<
            Output = Result<User, anywire::Failure<UserError>>,
        > + ::core::marker::Send;

        /// Writes to the log.
        ///
        /// Defined at `contracts/users.rs:28`.
        fn log(
            &self,
            cx: &anywire::Context,
            request: LogRequest,
        ) -> impl ::core::future::Future<
            Output = Result<(), anywire::Failure>,
        > + ::core::marker::Send;
    }

    /// Serves [`Users`] by a handler.
    pub struct UsersServer<H> {
        handler: ::std::sync::Arc<H>,
        service: anywire::AsService<Self>,
    }

    impl<H> UsersServer<H> {
        /// A server that calls this handler. Clones share it, each for a transport of its own.
        #[must_use]
        pub fn new(handler: H) -> Self
        where
            H: Users,
        {
            Self::from_arc(::std::sync::Arc::new(handler))
        }

        /// The same for a handler that is shared already, as by one that takes events as well.
        #[must_use]
        pub fn from_arc(handler: ::std::sync::Arc<H>) -> Self
        where
            H: Users,
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
            self.service.bind("Users", self, None, listener)
        }
    }

    #[automatically_derived]
    impl<H> ::core::clone::Clone for UsersServer<H> {
        fn clone(&self) -> Self {
            Self {
                handler: ::std::sync::Arc::clone(&self.handler),
                service: self.service,
            }
        }
    }

    #[automatically_derived]
    impl<H> ::core::fmt::Debug for UsersServer<H> {
        fn fmt(&self, f: &mut ::core::fmt::Formatter<'_>) -> ::core::fmt::Result {
            f.debug_struct("UsersServer").finish_non_exhaustive()
        }
    }

    #[automatically_derived]
    impl<H, P> anywire::CarriedBy<P> for UsersServer<H>
    where
        P: anywire::RequestReply<op::GetUser>,
        P: anywire::AtMostOnce<op::Log>,
    {}

    #[automatically_derived]
    impl<H: Users> anywire::Dispatch for UsersServer<H> {
        const OPERATIONS: &'static [&'static anywire::Meta] = &[
            <op::GetUser as anywire::Operation>::META,
            <op::Log as anywire::Operation>::META,
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
                        match anywire::open::<op::GetUser>(request) {
                            Ok((cx, request)) => {
                                let result = Users::get_user(&*handler, &cx, request).await;
                                anywire::respond::<op::GetUser>(&cx, result)
                            }
                            Err(reply) => reply,
                        }
                    })
                }
                1 => {
                    Box::pin(async move {
                        match anywire::open::<op::Log>(request) {
                            Ok((cx, request)) => {
                                let result = Users::log(&*handler, &cx, request).await;
                                anywire::respond::<op::Log>(&cx, result)
                            }
                            Err(reply) => reply,
                        }
                    })
                }
                _ => anywire::no_handler(),
            }
        }
    }

    /// Calls [`Users`] over a transport.
    pub struct UsersClient<T = anywire::AnyTransport> {
        channel: anywire::Channel<T>,
    }

    impl<T: anywire::Transport> UsersClient<T> {
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

        /// Finds a user.
        ///
        /// Defined at `contracts/users.rs:25`.
        pub fn get_user(
            &self,
            id: impl ::core::convert::Into<UserId>,
        ) -> anywire::Call<op::GetUser>
        where
            T: anywire::RequestReply<op::GetUser>,
        {
            self.channel.call(GetUserRequest::new(id))
        }

        /// Writes to the log.
        ///
        /// Defined at `contracts/users.rs:28`.
        pub fn log(
            &self,
            line: impl ::core::convert::Into<String>,
        ) -> anywire::Call<op::Log>
        where
            T: anywire::AtMostOnce<op::Log>,
        {
            self.channel.call(LogRequest::new(line))
        }
    }

    #[automatically_derived]
    impl<T> ::core::clone::Clone for UsersClient<T> {
        fn clone(&self) -> Self {
            Self {
                channel: ::core::clone::Clone::clone(&self.channel),
            }
        }
    }

    #[automatically_derived]
    impl<T> ::core::fmt::Debug for UsersClient<T> {
        fn fmt(&self, f: &mut ::core::fmt::Formatter<'_>) -> ::core::fmt::Result {
            f.debug_struct("UsersClient").field("channel", &self.channel).finish()
        }
    }

    /// What [`Users::get_user`] is called with.
    #[derive(Clone, Debug, PartialEq, Eq, Hash)]
    pub struct GetUserRequest {
        /// Defined at `contracts/users.rs:25`.
        pub id: UserId,
        /// Defined at `contracts/users.rs:25`.
        pub with_credit: bool,
    }

    impl GetUserRequest {
        /// A value of its required fields; the others are empty or have their defaults.
        #[must_use]
        pub fn new(id: impl ::core::convert::Into<UserId>) -> Self {
            Self {
                id: id.into(),
                with_credit: false,
            }
        }
    }

    #[automatically_derived]
    impl anywire::Wire for GetUserRequest {
        fn encode(&self, to: &mut anywire::Writer) {
            to.begin_object();
            to.field("id", &self.id);
            to.field("withCredit", &self.with_credit);
            to.end_object();
        }

        fn decode(from: &mut anywire::Reader<'_>) -> Result<Self, anywire::DecodeError> {
            const FIELDS: &[&str] = &["id", "withCredit"];
            let mut id = None;
            let mut with_credit = None;
            let mut object = from.object(FIELDS);
            while let Some(field) = object.next_field() {
                match field {
                    0 => object.read(&mut id),
                    1 => object.read(&mut with_credit),
                    _ => object.skip(),
                }
            }
            let (true, Some(id)) = (object.is_sound(), id) else {
                return Err(object.failure(&[0]));
            };
            Ok(Self {
                id,
                with_credit: with_credit.unwrap_or(false),
            })
        }
    }

    #[automatically_derived]
    impl anywire::Operation for op::GetUser {
        type Request = GetUserRequest;
        type Response = User;
        type Error = UserError;

        const META: &'static anywire::Meta = &anywire::Meta {
            package: "golden.users.v1",
            service: "Users",
            name: "get_user",
            kind: anywire::OperationKind::Message,
            streams: anywire::Streams::Neither,
            pattern: "{\"cmd\":\"get_user\"}",
            route: "{\"cmd\":\"get_user\"}",
            topic: None,
            grpc: None,
            timeout: anywire::millis(2000),
            idempotent: true,
            request_is_text: false,
            response_is_text: false,
            delivery: anywire::Delivery::AtMostOnce,
            fingerprint: "22e5e1f041277ac7",
        };
    }

    /// What [`Users::log`] is called with.
    #[derive(Clone, Debug, PartialEq, Eq, Hash)]
    pub struct LogRequest {
        /// Defined at `contracts/users.rs:28`.
        pub line: String,
    }

    impl LogRequest {
        /// A value of its fields.
        #[must_use]
        pub fn new(line: impl ::core::convert::Into<String>) -> Self {
            Self { line: line.into() }
        }
    }

    #[automatically_derived]
    impl anywire::Wire for LogRequest {
        fn encode(&self, to: &mut anywire::Writer) {
            to.begin_object();
            to.field("line", &self.line);
            to.end_object();
        }

        fn decode(from: &mut anywire::Reader<'_>) -> Result<Self, anywire::DecodeError> {
            const FIELDS: &[&str] = &["line"];
            let mut line = None;
            let mut object = from.object(FIELDS);
            while let Some(field) = object.next_field() {
                match field {
                    0 => object.read(&mut line),
                    _ => object.skip(),
                }
            }
            let (true, Some(line)) = (object.is_sound(), line) else {
                return Err(object.failure(&[0]));
            };
            Ok(Self { line })
        }
    }

    #[automatically_derived]
    impl anywire::Operation for op::Log {
        type Request = LogRequest;
        type Response = ();
        type Error = ::core::convert::Infallible;

        const META: &'static anywire::Meta = &anywire::Meta {
            package: "golden.users.v1",
            service: "Users",
            name: "log",
            kind: anywire::OperationKind::Oneway,
            streams: anywire::Streams::Neither,
            pattern: "\"audit.log\"",
            route: "audit.log",
            topic: Some("audit.log"),
            grpc: None,
            timeout: anywire::DEFAULT_TIMEOUT,
            idempotent: false,
            request_is_text: false,
            response_is_text: false,
            delivery: anywire::Delivery::AtMostOnce,
            fingerprint: "e28c439dbaa23b36",
        };
    }

    #[automatically_derived]
    impl anywire::HasTopic for op::Log {}

    /// A type for each message, which stands for it where types are compared.
    pub mod op {
        use super::anywire::prelude::*;

        /// The message [`Users::get_user`](super::Users::get_user).
        #[derive(Clone, Copy, Debug)]
        pub struct GetUser;

        /// The message [`Users::log`](super::Users::log).
        #[derive(Clone, Copy, Debug)]
        pub struct Log;
    }
}
