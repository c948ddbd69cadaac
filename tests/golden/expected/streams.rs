// @generated from contracts/streams.rs by anywire-contracts 0.1.0. Do not edit.

/// Streams, and events with wildcards.
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
pub mod streams {
    use super::__anywire::__for_contracts_0_1_0 as anywire;
    use self::anywire::prelude::*;

    /// Defined at `contracts/streams.rs:4`.
    #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
    pub struct UserId(pub u64);

    #[automatically_derived]
    impl ::core::convert::From<u64> for UserId {
        fn from(value: u64) -> Self {
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

    #[automatically_derived]
    impl anywire::MapKey for UserId {
        fn write_key(&self, to: &mut String) {
            anywire::MapKey::write_key(&self.0, to);
        }

        fn read_key(text: &str) -> Option<Self> {
            anywire::MapKey::read_key(text).map(Self)
        }
    }

    /// Defined at `contracts/streams.rs:6`.
    #[derive(Clone, Debug, PartialEq, Eq, Hash)]
    pub struct User {
        /// Defined at `contracts/streams.rs:7`.
        pub id: UserId,
        /// Defined at `contracts/streams.rs:8`.
        pub name: String,
    }

    impl User {
        /// A value of its fields.
        #[must_use]
        pub fn new(
            id: impl ::core::convert::Into<UserId>,
            name: impl ::core::convert::Into<String>,
        ) -> Self {
            Self {
                id: id.into(),
                name: name.into(),
            }
        }
    }

    #[automatically_derived]
    impl anywire::Wire for User {
        fn encode(&self, to: &mut anywire::Writer) {
            to.begin_object();
            to.field("id", &self.id);
            to.field("name", &self.name);
            to.end_object();
        }

        fn decode(from: &mut anywire::Reader<'_>) -> Result<Self, anywire::DecodeError> {
            const FIELDS: &[&str] = &["id", "name"];
            let mut id = None;
            let mut name = None;
            let mut object = from.object(FIELDS);
            while let Some(field) = object.next_field() {
                match field {
                    0 => object.read(&mut id),
                    1 => object.read(&mut name),
                    _ => object.skip(),
                }
            }
            let (true, Some(id), Some(name)) = (object.is_sound(), id, name) else {
                return Err(object.failure(&[0, 1]));
            };
            Ok(Self { id, name })
        }
    }

    /// Defined at `contracts/streams.rs:11`.
    #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
    pub enum Role {
        /// Defined at `contracts/streams.rs:12`.
        Admin,
        /// Defined at `contracts/streams.rs:13`.
        Member,
    }

    #[automatically_derived]
    impl ::core::fmt::Display for Role {
        fn fmt(&self, f: &mut ::core::fmt::Formatter<'_>) -> ::core::fmt::Result {
            match self {
                Self::Admin => f.write_str("admin"),
                Self::Member => f.write_str("member"),
            }
        }
    }

    #[automatically_derived]
    impl anywire::Wire for Role {
        fn encode(&self, to: &mut anywire::Writer) {
            match self {
                Self::Admin => to.string("admin"),
                Self::Member => to.string("member"),
            }
        }

        fn decode(from: &mut anywire::Reader<'_>) -> Result<Self, anywire::DecodeError> {
            const NAMES: &[&str] = &["admin", "member"];
            match from.variant(NAMES)? {
                Some(0) => Ok(Self::Admin),
                Some(1) => Ok(Self::Member),
                _ => Err(anywire::Reader::unknown_variant(NAMES)),
            }
        }
    }

    /// Defined at `contracts/streams.rs:16`.
    #[derive(Clone, Debug, PartialEq, Eq, Hash)]
    pub enum UserError {
        /// Defined at `contracts/streams.rs:18`.
        NotFound {
            /// Defined at `contracts/streams.rs:18`.
            id: UserId,
        },
    }

    #[automatically_derived]
    impl ::core::fmt::Display for UserError {
        fn fmt(&self, f: &mut ::core::fmt::Formatter<'_>) -> ::core::fmt::Result {
            match self {
                Self::NotFound { id } => ::core::write!(f, "user {id} not found"),
            }
        }
    }

    #[automatically_derived]
    impl ::core::error::Error for UserError {}

    #[automatically_derived]
    impl anywire::ContractError for UserError {
        const TYPE: &'static str = "golden.streams.v1.UserError";

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

    /// Handles the messages of `Users`.
    ///
    /// Defined at `contracts/streams.rs:22`.
    pub trait Users: ::core::marker::Send + ::core::marker::Sync + 'static {
        /// Tells how a user changes.
        ///
        /// Defined at `contracts/streams.rs:25`.
        fn watch(
            &self,
            cx: &anywire::Context,
            request: WatchRequest,
        ) -> impl ::core::future::Future<
            Output = Result<
                anywire::Values<User, UserError>,
                anywire::Failure<UserError>,
            >,
        > + ::core::marker::Send;

        /// Handles `import`.
        ///
        /// Defined at `contracts/streams.rs:27`.
        fn import(
            &self,
            cx: &anywire::Context,
            users: anywire::Incoming<User>,
        ) -> impl ::core::future::Future<
            Output = Result<u32, anywire::Failure>,
        > + ::core::marker::Send;

        /// Handles `sync`.
        ///
        /// Defined at `contracts/streams.rs:29`.
        fn sync(
            &self,
            cx: &anywire::Context,
            ids: anywire::Incoming<UserId>,
        ) -> impl ::core::future::Future<
            Output = Result<
                anywire::Values<User, UserError>,
                anywire::Failure<UserError>,
            >,
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
        P: anywire::StreamsReplies<op::Watch>,
        P: anywire::StreamsRequests<op::Import>,
        P: anywire::StreamsBoth<op::Sync>,
    {}

    #[automatically_derived]
    impl<H: Users> anywire::Dispatch for UsersServer<H> {
        const OPERATIONS: &'static [&'static anywire::Meta] = &[
            <op::Watch as anywire::Operation>::META,
            <op::Import as anywire::Operation>::META,
            <op::Sync as anywire::Operation>::META,
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
                        match anywire::open::<op::Watch>(request) {
                            Ok((cx, request)) => {
                                let result = Users::watch(&*handler, &cx, request).await;
                                anywire::respond_stream::<op::Watch>(&cx, result)
                            }
                            Err(reply) => reply,
                        }
                    })
                }
                1 => {
                    Box::pin(async move {
                        match anywire::open_stream::<op::Import>(request) {
                            Ok((cx, request)) => {
                                let result = Users::import(&*handler, &cx, request).await;
                                anywire::respond::<op::Import>(&cx, result)
                            }
                            Err(reply) => reply,
                        }
                    })
                }
                2 => {
                    Box::pin(async move {
                        match anywire::open_stream::<op::Sync>(request) {
                            Ok((cx, request)) => {
                                let result = Users::sync(&*handler, &cx, request).await;
                                anywire::respond_stream::<op::Sync>(&cx, result)
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

        /// Tells how a user changes.
        ///
        /// Defined at `contracts/streams.rs:25`.
        pub fn watch(
            &self,
            id: impl ::core::convert::Into<UserId>,
        ) -> anywire::StreamingCall<op::Watch>
        where
            T: anywire::StreamsReplies<op::Watch>,
        {
            self.channel.stream(WatchRequest::new(id))
        }

        /// Calls `import`.
        ///
        /// Defined at `contracts/streams.rs:27`.
        pub fn import(
            &self,
            users: impl anywire::Stream<Item = User> + ::core::marker::Send + 'static,
        ) -> anywire::Call<op::Import>
        where
            T: anywire::StreamsRequests<op::Import>,
        {
            self.channel.upload(users)
        }

        /// Calls `sync`.
        ///
        /// Defined at `contracts/streams.rs:29`.
        pub fn sync(
            &self,
            ids: impl anywire::Stream<Item = UserId> + ::core::marker::Send + 'static,
        ) -> anywire::StreamingCall<op::Sync>
        where
            T: anywire::StreamsBoth<op::Sync>,
        {
            self.channel.exchange(ids)
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

    /// What [`Users::watch`] is called with.
    #[derive(Clone, Debug, PartialEq, Eq, Hash)]
    pub struct WatchRequest {
        /// Defined at `contracts/streams.rs:25`.
        pub id: UserId,
    }

    impl WatchRequest {
        /// A value of its fields.
        #[must_use]
        pub fn new(id: impl ::core::convert::Into<UserId>) -> Self {
            Self { id: id.into() }
        }
    }

    #[automatically_derived]
    impl anywire::Wire for WatchRequest {
        fn encode(&self, to: &mut anywire::Writer) {
            to.begin_object();
            to.field("id", &self.id);
            to.end_object();
        }

        fn decode(from: &mut anywire::Reader<'_>) -> Result<Self, anywire::DecodeError> {
            const FIELDS: &[&str] = &["id"];
            let mut id = None;
            let mut object = from.object(FIELDS);
            while let Some(field) = object.next_field() {
                match field {
                    0 => object.read(&mut id),
                    _ => object.skip(),
                }
            }
            let (true, Some(id)) = (object.is_sound(), id) else {
                return Err(object.failure(&[0]));
            };
            Ok(Self { id })
        }
    }

    #[automatically_derived]
    impl anywire::Operation for op::Watch {
        type Request = WatchRequest;
        type Response = User;
        type Error = UserError;

        const META: &'static anywire::Meta = &anywire::Meta {
            package: "golden.streams.v1",
            service: "Users",
            name: "watch",
            kind: anywire::OperationKind::Message,
            streams: anywire::Streams::Replies,
            pattern: "\"users.watch\"",
            route: "users.watch",
            topic: Some("users.watch"),
            grpc: None,
            timeout: anywire::NO_TIMEOUT,
            idempotent: false,
            request_is_text: false,
            response_is_text: false,
            delivery: anywire::Delivery::AtMostOnce,
            fingerprint: "addb9e0a7af0b800",
        };
    }

    #[automatically_derived]
    impl anywire::HasTopic for op::Watch {}

    #[automatically_derived]
    impl anywire::Operation for op::Import {
        type Request = User;
        type Response = u32;
        type Error = ::core::convert::Infallible;

        const META: &'static anywire::Meta = &anywire::Meta {
            package: "golden.streams.v1",
            service: "Users",
            name: "import",
            kind: anywire::OperationKind::Message,
            streams: anywire::Streams::Requests,
            pattern: "\"users.import\"",
            route: "users.import",
            topic: Some("users.import"),
            grpc: None,
            timeout: anywire::millis(60000),
            idempotent: false,
            request_is_text: false,
            response_is_text: false,
            delivery: anywire::Delivery::AtMostOnce,
            fingerprint: "723fea7e6286c19e",
        };
    }

    #[automatically_derived]
    impl anywire::HasTopic for op::Import {}

    #[automatically_derived]
    impl anywire::Operation for op::Sync {
        type Request = UserId;
        type Response = User;
        type Error = UserError;

        const META: &'static anywire::Meta = &anywire::Meta {
            package: "golden.streams.v1",
            service: "Users",
            name: "sync",
            kind: anywire::OperationKind::Message,
            streams: anywire::Streams::Both,
            pattern: "\"users.sync\"",
            route: "users.sync",
            topic: Some("users.sync"),
            grpc: None,
            timeout: anywire::NO_TIMEOUT,
            idempotent: false,
            request_is_text: false,
            response_is_text: false,
            delivery: anywire::Delivery::AtMostOnce,
            fingerprint: "e95d209b40cc309d",
        };
    }

    #[automatically_derived]
    impl anywire::HasTopic for op::Sync {}

    /// Publishes the events of `Users` over a transport.
    pub struct UsersPublisher<T = anywire::AnyTransport> {
        channel: anywire::Channel<T>,
    }

    impl<T: anywire::Transport> UsersPublisher<T> {
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

        /// Somebody signed up.
        ///
        /// Defined at `contracts/streams.rs:32`.
        pub fn user_created(
            &self,
            role: Role,
            user_id: impl ::core::convert::Into<UserId>,
        ) -> anywire::Call<UserCreated>
        where
            T: anywire::AtMostOnce<UserCreated>,
        {
            self.channel.call(UserCreated::new(role, user_id))
        }
    }

    #[automatically_derived]
    impl<T> ::core::clone::Clone for UsersPublisher<T> {
        fn clone(&self) -> Self {
            Self {
                channel: ::core::clone::Clone::clone(&self.channel),
            }
        }
    }

    #[automatically_derived]
    impl<T> ::core::fmt::Debug for UsersPublisher<T> {
        fn fmt(&self, f: &mut ::core::fmt::Formatter<'_>) -> ::core::fmt::Result {
            f.debug_struct("UsersPublisher").field("channel", &self.channel).finish()
        }
    }

    /// Somebody signed up.
    ///
    /// Defined at `contracts/streams.rs:32`.
    #[derive(Clone, Debug, PartialEq, Eq, Hash)]
    pub struct UserCreated {
        /// Defined at `contracts/streams.rs:32`.
        pub role: Role,
        /// Defined at `contracts/streams.rs:32`.
        pub user_id: UserId,
    }

    impl UserCreated {
        /// A value of its fields.
        #[must_use]
        pub fn new(role: Role, user_id: impl ::core::convert::Into<UserId>) -> Self {
            Self {
                role,
                user_id: user_id.into(),
            }
        }
    }

    #[automatically_derived]
    impl anywire::Wire for UserCreated {
        fn encode(&self, to: &mut anywire::Writer) {
            to.begin_object();
            to.field("role", &self.role);
            to.field("userId", &self.user_id);
            to.end_object();
        }

        fn decode(from: &mut anywire::Reader<'_>) -> Result<Self, anywire::DecodeError> {
            const FIELDS: &[&str] = &["role", "userId"];
            let mut role = None;
            let mut user_id = None;
            let mut object = from.object(FIELDS);
            while let Some(field) = object.next_field() {
                match field {
                    0 => object.read(&mut role),
                    1 => object.read(&mut user_id),
                    _ => object.skip(),
                }
            }
            let (true, Some(role), Some(user_id)) = (object.is_sound(), role, user_id)
            else {
                return Err(object.failure(&[0, 1]));
            };
            Ok(Self { role, user_id })
        }
    }

    #[automatically_derived]
    impl anywire::Operation for UserCreated {
        type Request = UserCreated;
        type Response = ();
        type Error = ::core::convert::Infallible;

        const META: &'static anywire::Meta = &anywire::Meta {
            package: "golden.streams.v1",
            service: "Users",
            name: "user_created",
            kind: anywire::OperationKind::Event,
            streams: anywire::Streams::Neither,
            pattern: "\"users.{role}.created.{user_id}\"",
            route: "users.{role}.created.{user_id}",
            topic: Some("users.{role}.created.{user_id}"),
            grpc: None,
            timeout: anywire::DEFAULT_TIMEOUT,
            idempotent: false,
            request_is_text: false,
            response_is_text: false,
            delivery: anywire::Delivery::AtMostOnce,
            fingerprint: "5f0ded1b0e6ba1f2",
        };

        fn route(request: &UserCreated) -> Option<String> {
            Some(::std::format!("users.{}.created.{}", request.role, request.user_id))
        }
    }

    #[automatically_derived]
    impl anywire::HasTopic for UserCreated {}

    #[automatically_derived]
    impl anywire::Event for UserCreated {}

    #[automatically_derived]
    impl<P: anywire::AtMostOnce<UserCreated>> anywire::CarriedBy<P> for UserCreated {}

    /// Delivers [`UserCreated`] to a handler.
    pub type UserCreatedSubscriber<H> = anywire::Subscriber<UserCreated, H>;

    /// A type for each message, which stands for it where types are compared.
    pub mod op {
        use super::anywire::prelude::*;

        /// The message [`Users::watch`](super::Users::watch).
        #[derive(Clone, Copy, Debug)]
        pub struct Watch;

        /// The message [`Users::import`](super::Users::import).
        #[derive(Clone, Copy, Debug)]
        pub struct Import;

        /// The message [`Users::sync`](super::Users::sync).
        #[derive(Clone, Copy, Debug)]
        pub struct Sync;
    }
}
