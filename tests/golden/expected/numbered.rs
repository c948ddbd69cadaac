// @generated from contracts/numbered.rs by anywire-contracts 0.1.0. Do not edit.

/// Numbers, for protobuf.
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
pub mod numbered {
    use super::__anywire::__for_contracts_0_1_0 as anywire;
    use self::anywire::prelude::*;

    /// Defined at `contracts/numbered.rs:4`.
    #[derive(Clone, Debug, PartialEq, Eq, Hash)]
    pub struct User {
        /// Defined at `contracts/numbered.rs:6`.
        pub id: UserId,
        /// Defined at `contracts/numbered.rs:8`.
        pub email: String,
        /// Defined at `contracts/numbered.rs:10`.
        pub role: Role,
        /// Defined at `contracts/numbered.rs:13`.
        pub credit: u32,
        /// Defined at `contracts/numbered.rs:15`.
        pub deleted_at: Option<Timestamp>,
        /// Defined at `contracts/numbered.rs:18`.
        pub paid_by: Vec<Payment>,
    }

    impl User {
        /// A value of its required fields; the others are empty or have their defaults.
        #[must_use]
        pub fn new(
            id: impl ::core::convert::Into<UserId>,
            email: impl ::core::convert::Into<String>,
            role: Role,
        ) -> Self {
            Self {
                id: id.into(),
                email: email.into(),
                role,
                credit: 3,
                deleted_at: None,
                paid_by: Vec::new(),
            }
        }
    }

    #[automatically_derived]
    impl anywire::Wire for User {
        fn encode(&self, to: &mut anywire::Writer) {
            to.begin_object();
            to.field("id", &self.id);
            to.field("email", &self.email);
            to.field("role", &self.role);
            to.field("credit", &self.credit);
            to.optional("deletedAt", &self.deleted_at);
            to.field("paidBy", &self.paid_by);
            to.end_object();
        }

        fn decode(from: &mut anywire::Reader<'_>) -> Result<Self, anywire::DecodeError> {
            const FIELDS: &[&str] = &[
                "id",
                "email",
                "role",
                "credit",
                "deletedAt",
                "paidBy",
            ];
            let mut id = None;
            let mut email = None;
            let mut role = None;
            let mut credit = None;
            let mut deleted_at = None;
            let mut paid_by = None;
            let mut object = from.object(FIELDS);
            while let Some(field) = object.next_field() {
                match field {
                    0 => object.read(&mut id),
                    1 => object.read(&mut email),
                    2 => object.read(&mut role),
                    3 => object.read(&mut credit),
                    4 => object.read_optional(&mut deleted_at),
                    5 => object.read(&mut paid_by),
                    _ => object.skip(),
                }
            }
            let (true, Some(id), Some(email), Some(role)) = (
                object.is_sound(),
                id,
                email,
                role,
            ) else {
                return Err(object.failure(&[0, 1, 2]));
            };
            Ok(Self {
                id,
                email,
                role,
                credit: credit.unwrap_or(3),
                deleted_at,
                paid_by: paid_by.unwrap_or_default(),
            })
        }
    }

    #[automatically_derived]
    impl anywire::Proto for User {
        fn encode(&self, to: &mut anywire::proto::Writer) {
            to.field(1, &self.id);
            to.field(2, &self.email);
            to.field(4, &self.role);
            to.present(5, &self.credit);
            to.field(6, &self.deleted_at);
            to.field(7, &self.paid_by);
        }

        fn decode(
            from: &mut anywire::proto::Reader<'_>,
        ) -> Result<Self, anywire::DecodeError> {
            const FIELDS: &[(u32, &str)] = &[
                (1, "id"),
                (2, "email"),
                (4, "role"),
                (5, "credit"),
                (6, "deletedAt"),
                (7, "paidBy"),
            ];
            let mut id = None;
            let mut email = anywire::proto::absent();
            let mut role = None;
            let mut credit = None;
            let mut deleted_at = None;
            let mut paid_by = anywire::proto::absent();
            let mut message = from.message(FIELDS);
            while let Some(field) = message.next_field() {
                match field {
                    1 => message.read(&mut id),
                    2 => message.read(&mut email),
                    4 => message.read(&mut role),
                    5 => message.read(&mut credit),
                    6 => message.read(&mut deleted_at),
                    7 => message.read(&mut paid_by),
                    _ => message.skip(),
                }
            }
            let (true, Some(id), Some(email), Some(role), Some(paid_by)) = (
                message.is_sound(),
                id,
                email,
                role,
                paid_by,
            ) else {
                return Err(message.failure(&[1, 4]));
            };
            Ok(Self {
                id,
                email,
                role,
                credit: credit.unwrap_or(3),
                deleted_at,
                paid_by,
            })
        }
    }

    /// Defined at `contracts/numbered.rs:21`.
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

    #[automatically_derived]
    impl anywire::proto::Transparent for UserId {
        type Inner = Uuid;

        fn inner(&self) -> &Uuid {
            &self.0
        }

        fn into_inner(self) -> Uuid {
            self.0
        }

        fn of(inner: Uuid) -> Self {
            Self(inner)
        }
    }

    /// Defined at `contracts/numbered.rs:24`.
    #[derive(Clone, Debug, PartialEq, Eq, Hash)]
    #[non_exhaustive]
    pub enum Role {
        /// Defined at `contracts/numbered.rs:25`.
        Admin,
        /// Defined at `contracts/numbered.rs:26`.
        Member,
        /// One that this version of the contract does not know; it is written back as it came.
        Unknown(anywire::Unrecognized),
    }

    #[automatically_derived]
    impl ::core::fmt::Display for Role {
        fn fmt(&self, f: &mut ::core::fmt::Formatter<'_>) -> ::core::fmt::Result {
            match self {
                Self::Admin => f.write_str("admin"),
                Self::Member => f.write_str("member"),
                Self::Unknown(unknown) => ::core::fmt::Display::fmt(unknown, f),
            }
        }
    }

    #[automatically_derived]
    impl anywire::Wire for Role {
        fn encode(&self, to: &mut anywire::Writer) {
            match self {
                Self::Admin => to.string("admin"),
                Self::Member => to.string("member"),
                Self::Unknown(unknown) => anywire::Wire::encode(unknown, to),
            }
        }

        fn decode(from: &mut anywire::Reader<'_>) -> Result<Self, anywire::DecodeError> {
            const NAMES: &[&str] = &["admin", "member"];
            match from.variant(NAMES)? {
                Some(0) => Ok(Self::Admin),
                Some(1) => Ok(Self::Member),
                _ => Ok(Self::Unknown(anywire::Wire::decode(from)?)),
            }
        }
    }

    #[automatically_derived]
    impl anywire::Proto for Role {
        const WIRE: anywire::proto::WireType = anywire::proto::WireType::Varint;

        fn encode(&self, to: &mut anywire::proto::Writer) {
            match self {
                Self::Admin => to.value(1),
                Self::Member => to.value(2),
                Self::Unknown(unknown) => to.kept_value(unknown),
            }
        }

        fn decode(
            from: &mut anywire::proto::Reader<'_>,
        ) -> Result<Self, anywire::DecodeError> {
            match from.value()? {
                1 => Ok(Self::Admin),
                2 => Ok(Self::Member),
                number => Ok(Self::Unknown(anywire::proto::Reader::keep_value(number))),
            }
        }
    }

    /// Defined at `contracts/numbered.rs:29`.
    #[derive(Clone, Debug, PartialEq, Eq, Hash)]
    pub enum Payment {
        /// Defined at `contracts/numbered.rs:30`.
        Card {
            /// Defined at `contracts/numbered.rs:32`.
            last4: String,
            /// Defined at `contracts/numbered.rs:35`.
            number: u64,
        },
        /// Defined at `contracts/numbered.rs:37`.
        Cash,
    }

    #[automatically_derived]
    impl anywire::Wire for Payment {
        fn encode(&self, to: &mut anywire::Writer) {
            match self {
                Self::Card { last4, number } => {
                    to.begin_object();
                    to.tag("type", "card");
                    to.field("last4", last4);
                    to.field("number", &anywire::Text(*number));
                    to.end_object();
                }
                Self::Cash => {
                    to.begin_object();
                    to.tag("type", "cash");
                    to.end_object();
                }
            }
        }

        fn decode(from: &mut anywire::Reader<'_>) -> Result<Self, anywire::DecodeError> {
            const TAGS: &[&str] = &["card", "cash"];
            match from.tag("type", TAGS)? {
                Some(0) => {
                    const FIELDS: &[&str] = &["last4", "number"];
                    let mut last4 = None;
                    let mut number: Option<anywire::Text<u64>> = None;
                    let mut object = from.object(FIELDS);
                    while let Some(field) = object.next_field() {
                        match field {
                            0 => object.read(&mut last4),
                            1 => object.read(&mut number),
                            _ => object.skip(),
                        }
                    }
                    let (true, Some(last4), Some(anywire::Text(number))) = (
                        object.is_sound(),
                        last4,
                        number,
                    ) else {
                        return Err(object.failure(&[0, 1]));
                    };
                    Ok(Self::Card { last4, number })
                }
                Some(1) => {
                    from.object(&[]).finish()?;
                    Ok(Self::Cash)
                }
                _ => Err(anywire::Reader::unknown_tag("type", TAGS)),
            }
        }
    }

    #[automatically_derived]
    impl anywire::Proto for Payment {
        fn encode(&self, to: &mut anywire::proto::Writer) {
            match self {
                Self::Card { last4, number } => {
                    to.message(
                        1,
                        |to| {
                            to.field(1, last4);
                            to.field(2, number);
                        },
                    );
                }
                Self::Cash => to.message(3, |_| {}),
            }
        }

        fn decode(
            from: &mut anywire::proto::Reader<'_>,
        ) -> Result<Self, anywire::DecodeError> {
            match from.variant(&[1, 3])? {
                Some(1) => {
                    const FIELDS: &[(u32, &str)] = &[(1, "last4"), (2, "number")];
                    let mut last4 = anywire::proto::absent();
                    let mut number = anywire::proto::absent();
                    let mut message = from.message(FIELDS);
                    while let Some(field) = message.next_field() {
                        match field {
                            1 => message.read(&mut last4),
                            2 => message.read(&mut number),
                            _ => message.skip(),
                        }
                    }
                    let (true, Some(last4), Some(number)) = (
                        message.is_sound(),
                        last4,
                        number,
                    ) else {
                        return Err(message.failure(&[]));
                    };
                    Ok(Self::Card { last4, number })
                }
                Some(3) => {
                    from.message(&[]).finish()?;
                    Ok(Self::Cash)
                }
                _ => Err(from.unknown_variant()),
            }
        }
    }

    /// Defined at `contracts/numbered.rs:40`.
    #[derive(Clone, Debug, PartialEq, Eq, Hash)]
    pub enum UserError {
        /// Defined at `contracts/numbered.rs:42`.
        NotFound {
            /// Defined at `contracts/numbered.rs:44`.
            id: UserId,
        },
        /// Defined at `contracts/numbered.rs:47`.
        Busy,
    }

    #[automatically_derived]
    impl ::core::fmt::Display for UserError {
        fn fmt(&self, f: &mut ::core::fmt::Formatter<'_>) -> ::core::fmt::Result {
            match self {
                Self::NotFound { id } => ::core::write!(f, "user {id} not found"),
                Self::Busy => f.write_str("come back later"),
            }
        }
    }

    #[automatically_derived]
    impl ::core::error::Error for UserError {}

    #[automatically_derived]
    impl anywire::ContractError for UserError {
        const TYPE: &'static str = "golden.numbered.v1.UserError";

        fn code(&self) -> &'static str {
            match self {
                Self::NotFound { .. } => "NOT_FOUND",
                Self::Busy => "BUSY",
            }
        }

        fn kind(&self) -> anywire::Kind {
            match self {
                Self::NotFound { .. } => anywire::Kind::NotFound,
                Self::Busy => anywire::Kind::Unavailable,
            }
        }

        fn is_retryable(&self) -> bool {
            ::core::matches!(self, Self::Busy)
        }

        fn encode_details(&self, to: &mut anywire::Writer) {
            to.begin_object();
            match self {
                Self::NotFound { id } => {
                    to.field("id", id);
                }
                Self::Busy => {}
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
                "BUSY" => {
                    details.object(&[]).finish()?;
                    Self::Busy
                }
                _ => return Ok(None),
            };
            Ok(Some(error))
        }
    }

    #[automatically_derived]
    impl anywire::ProtoError for UserError {
        fn encode(&self) -> anywire::ProtoDetails {
            match self {
                Self::NotFound { id } => {
                    anywire::proto::details(
                        "golden.numbered.v1.UserError.NotFound",
                        |to| {
                            to.field(1, id);
                        },
                    )
                }
                Self::Busy => {
                    anywire::proto::details("golden.numbered.v1.UserError.Busy", |_| {})
                }
            }
        }

        fn decode(
            code: &str,
            details: &[u8],
        ) -> Result<Option<Self>, anywire::DecodeError> {
            let mut details = anywire::proto::Reader::new(details);
            let error = match code {
                "NOT_FOUND" => {
                    const FIELDS: &[(u32, &str)] = &[(1, "id")];
                    let mut id = None;
                    let mut message = details.message(FIELDS);
                    while let Some(field) = message.next_field() {
                        match field {
                            1 => message.read(&mut id),
                            _ => message.skip(),
                        }
                    }
                    let (true, Some(id)) = (message.is_sound(), id) else {
                        return Err(message.failure(&[1]));
                    };
                    Self::NotFound { id }
                }
                "BUSY" => {
                    details.message(&[]).finish()?;
                    Self::Busy
                }
                _ => return Ok(None),
            };
            Ok(Some(error))
        }
    }

    /// Handles the messages of `Users`.
    ///
    /// Defined at `contracts/numbered.rs:51`.
    pub trait Users: ::core::marker::Send + ::core::marker::Sync + 'static {
        /// Handles `get_user`.
        ///
        /// Defined at `contracts/numbered.rs:53`.
        fn get_user(
            &self,
            cx: &anywire::Context,
            request: GetUserRequest,
        ) -> impl ::core::future::Future<
            Output = Result<User, anywire::Failure<UserError>>,
        > + ::core::marker::Send;

        /// Handles `rename`.
        ///
        /// Defined at `contracts/numbered.rs:55`.
        fn rename(
            &self,
            cx: &anywire::Context,
            request: RenameRequest,
        ) -> impl ::core::future::Future<
            Output = Result<(), anywire::Failure>,
        > + ::core::marker::Send;

        /// Handles `count`.
        ///
        /// Defined at `contracts/numbered.rs:57`.
        fn count(
            &self,
            cx: &anywire::Context,
            role: Role,
        ) -> impl ::core::future::Future<
            Output = Result<u32, anywire::Failure>,
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
        P: anywire::RequestReply<op::Rename>,
        P: anywire::RequestReply<op::Count>,
    {}

    #[automatically_derived]
    impl<H: Users> anywire::Dispatch for UsersServer<H> {
        const OPERATIONS: &'static [&'static anywire::Meta] = &[
            <op::GetUser as anywire::Operation>::META,
            <op::Rename as anywire::Operation>::META,
            <op::Count as anywire::Operation>::META,
        ];

        const DESCRIPTORS: &'static [u8] = ::core::include_bytes!("numbered.binpb");

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
                        match anywire::open::<op::Rename>(request) {
                            Ok((cx, request)) => {
                                let result = Users::rename(&*handler, &cx, request).await;
                                anywire::respond::<op::Rename>(&cx, result)
                            }
                            Err(reply) => reply,
                        }
                    })
                }
                2 => {
                    Box::pin(async move {
                        match anywire::open::<op::Count>(request) {
                            Ok((cx, request)) => {
                                let result = Users::count(&*handler, &cx, request).await;
                                anywire::respond::<op::Count>(&cx, result)
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

        /// Calls `get_user`.
        ///
        /// Defined at `contracts/numbered.rs:53`.
        pub fn get_user(
            &self,
            id: impl ::core::convert::Into<UserId>,
        ) -> anywire::Call<op::GetUser>
        where
            T: anywire::RequestReply<op::GetUser>,
        {
            self.channel.call(GetUserRequest::new(id))
        }

        /// Calls `rename`.
        ///
        /// Defined at `contracts/numbered.rs:55`.
        pub fn rename(
            &self,
            id: impl ::core::convert::Into<UserId>,
        ) -> anywire::Call<op::Rename>
        where
            T: anywire::RequestReply<op::Rename>,
        {
            self.channel.call(RenameRequest::new(id))
        }

        /// Calls `count`.
        ///
        /// Defined at `contracts/numbered.rs:57`.
        pub fn count(&self, role: Role) -> anywire::Call<op::Count>
        where
            T: anywire::RequestReply<op::Count>,
        {
            self.channel.call(role)
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
        /// Defined at `contracts/numbered.rs:53`.
        pub id: UserId,
    }

    impl GetUserRequest {
        /// A value of its fields.
        #[must_use]
        pub fn new(id: impl ::core::convert::Into<UserId>) -> Self {
            Self { id: id.into() }
        }
    }

    #[automatically_derived]
    impl anywire::Wire for GetUserRequest {
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
    impl anywire::Proto for GetUserRequest {
        fn encode(&self, to: &mut anywire::proto::Writer) {
            to.field(1, &self.id);
        }

        fn decode(
            from: &mut anywire::proto::Reader<'_>,
        ) -> Result<Self, anywire::DecodeError> {
            const FIELDS: &[(u32, &str)] = &[(1, "id")];
            let mut id = None;
            let mut message = from.message(FIELDS);
            while let Some(field) = message.next_field() {
                match field {
                    1 => message.read(&mut id),
                    _ => message.skip(),
                }
            }
            let (true, Some(id)) = (message.is_sound(), id) else {
                return Err(message.failure(&[1]));
            };
            Ok(Self { id })
        }
    }

    #[automatically_derived]
    impl anywire::Operation for op::GetUser {
        type Request = GetUserRequest;
        type Response = User;
        type Error = UserError;

        const META: &'static anywire::Meta = &anywire::Meta {
            package: "golden.numbered.v1",
            service: "Users",
            name: "get_user",
            kind: anywire::OperationKind::Message,
            streams: anywire::Streams::Neither,
            pattern: "\"users.get\"",
            route: "users.get",
            topic: Some("users.get"),
            grpc: Some("/golden.numbered.v1.Users/GetUser"),
            timeout: anywire::DEFAULT_TIMEOUT,
            idempotent: false,
            request_is_text: false,
            response_is_text: false,
            delivery: anywire::Delivery::AtMostOnce,
            fingerprint: "5c3eabf199628295",
        };

        const PROTO: Option<
            &'static anywire::ProtoCodec<Self::Request, Self::Response, Self::Error>,
        > = Some(
            &anywire::ProtoCodec::of::<anywire::proto::Whole, anywire::proto::Whole>(),
        );
    }

    #[automatically_derived]
    impl anywire::HasTopic for op::GetUser {}

    #[automatically_derived]
    impl anywire::HasProto for op::GetUser {}

    /// What [`Users::rename`] is called with.
    #[derive(Clone, Debug, PartialEq, Eq, Hash)]
    pub struct RenameRequest {
        /// Defined at `contracts/numbered.rs:55`.
        pub id: UserId,
        /// Defined at `contracts/numbered.rs:55`.
        pub email: Option<String>,
    }

    impl RenameRequest {
        /// A value of its required fields; the others are empty or have their defaults.
        #[must_use]
        pub fn new(id: impl ::core::convert::Into<UserId>) -> Self {
            Self { id: id.into(), email: None }
        }
    }

    #[automatically_derived]
    impl anywire::Wire for RenameRequest {
        fn encode(&self, to: &mut anywire::Writer) {
            to.begin_object();
            to.field("id", &self.id);
            to.optional("email", &self.email);
            to.end_object();
        }

        fn decode(from: &mut anywire::Reader<'_>) -> Result<Self, anywire::DecodeError> {
            const FIELDS: &[&str] = &["id", "email"];
            let mut id = None;
            let mut email = None;
            let mut object = from.object(FIELDS);
            while let Some(field) = object.next_field() {
                match field {
                    0 => object.read(&mut id),
                    1 => object.read_optional(&mut email),
                    _ => object.skip(),
                }
            }
            let (true, Some(id)) = (object.is_sound(), id) else {
                return Err(object.failure(&[0]));
            };
            Ok(Self { id, email })
        }
    }

    #[automatically_derived]
    impl anywire::Proto for RenameRequest {
        fn encode(&self, to: &mut anywire::proto::Writer) {
            to.field(2, &self.id);
            to.field(1, &self.email);
        }

        fn decode(
            from: &mut anywire::proto::Reader<'_>,
        ) -> Result<Self, anywire::DecodeError> {
            const FIELDS: &[(u32, &str)] = &[(2, "id"), (1, "email")];
            let mut id = None;
            let mut email = None;
            let mut message = from.message(FIELDS);
            while let Some(field) = message.next_field() {
                match field {
                    2 => message.read(&mut id),
                    1 => message.read(&mut email),
                    _ => message.skip(),
                }
            }
            let (true, Some(id)) = (message.is_sound(), id) else {
                return Err(message.failure(&[2]));
            };
            Ok(Self { id, email })
        }
    }

    #[automatically_derived]
    impl anywire::Operation for op::Rename {
        type Request = RenameRequest;
        type Response = ();
        type Error = ::core::convert::Infallible;

        const META: &'static anywire::Meta = &anywire::Meta {
            package: "golden.numbered.v1",
            service: "Users",
            name: "rename",
            kind: anywire::OperationKind::Message,
            streams: anywire::Streams::Neither,
            pattern: "\"users.rename\"",
            route: "users.rename",
            topic: Some("users.rename"),
            grpc: Some("/golden.numbered.v1.Users/Rename"),
            timeout: anywire::DEFAULT_TIMEOUT,
            idempotent: false,
            request_is_text: false,
            response_is_text: false,
            delivery: anywire::Delivery::AtMostOnce,
            fingerprint: "7ead40ffe414e15f",
        };

        const PROTO: Option<
            &'static anywire::ProtoCodec<Self::Request, Self::Response, Self::Error>,
        > = Some(
            &anywire::ProtoCodec::of::<anywire::proto::Whole, anywire::proto::Whole>(),
        );
    }

    #[automatically_derived]
    impl anywire::HasTopic for op::Rename {}

    #[automatically_derived]
    impl anywire::HasProto for op::Rename {}

    #[automatically_derived]
    impl anywire::Operation for op::Count {
        type Request = Role;
        type Response = u32;
        type Error = ::core::convert::Infallible;

        const META: &'static anywire::Meta = &anywire::Meta {
            package: "golden.numbered.v1",
            service: "Users",
            name: "count",
            kind: anywire::OperationKind::Message,
            streams: anywire::Streams::Neither,
            pattern: "\"users.count\"",
            route: "users.count",
            topic: Some("users.count"),
            grpc: Some("/golden.numbered.v1.Users/Count"),
            timeout: anywire::DEFAULT_TIMEOUT,
            idempotent: false,
            request_is_text: true,
            response_is_text: false,
            delivery: anywire::Delivery::AtMostOnce,
            fingerprint: "977e11457c59e51e",
        };

        const PROTO: Option<
            &'static anywire::ProtoCodec<Self::Request, Self::Response, Self::Error>,
        > = Some(
            &anywire::ProtoCodec::of::<
                anywire::proto::Wrapped<3>,
                anywire::proto::Wrapped<1>,
            >(),
        );
    }

    #[automatically_derived]
    impl anywire::HasTopic for op::Count {}

    #[automatically_derived]
    impl anywire::HasProto for op::Count {}

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

        /// Publishes `user_created`.
        ///
        /// Defined at `contracts/numbered.rs:63`.
        pub fn user_created(&self, user: User) -> anywire::Call<UserCreated>
        where
            T: anywire::AtMostOnce<UserCreated>,
        {
            self.channel.call(UserCreated(user))
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

    /// The event `user_created`.
    ///
    /// Defined at `contracts/numbered.rs:63`.
    #[derive(Clone, Debug, PartialEq, Eq, Hash)]
    pub struct UserCreated(pub User);

    #[automatically_derived]
    impl anywire::Wire for UserCreated {
        fn encode(&self, to: &mut anywire::Writer) {
            anywire::Wire::encode(&self.0, to);
        }

        fn decode(from: &mut anywire::Reader<'_>) -> Result<Self, anywire::DecodeError> {
            anywire::Wire::decode(from).map(Self)
        }
    }

    #[automatically_derived]
    impl anywire::proto::Transparent for UserCreated {
        type Inner = User;

        fn inner(&self) -> &User {
            &self.0
        }

        fn into_inner(self) -> User {
            self.0
        }

        fn of(inner: User) -> Self {
            Self(inner)
        }
    }

    #[automatically_derived]
    impl anywire::Operation for UserCreated {
        type Request = UserCreated;
        type Response = ();
        type Error = ::core::convert::Infallible;

        const META: &'static anywire::Meta = &anywire::Meta {
            package: "golden.numbered.v1",
            service: "Users",
            name: "user_created",
            kind: anywire::OperationKind::Event,
            streams: anywire::Streams::Neither,
            pattern: "\"users.created\"",
            route: "users.created",
            topic: Some("users.created"),
            grpc: Some("/golden.numbered.v1.Users/UserCreated"),
            timeout: anywire::DEFAULT_TIMEOUT,
            idempotent: false,
            request_is_text: false,
            response_is_text: false,
            delivery: anywire::Delivery::AtMostOnce,
            fingerprint: "3f5f4485c80e0378",
        };

        const PROTO: Option<
            &'static anywire::ProtoCodec<Self::Request, Self::Response, Self::Error>,
        > = Some(
            &anywire::ProtoCodec::of::<anywire::proto::Whole, anywire::proto::Whole>(),
        );
    }

    #[automatically_derived]
    impl anywire::HasTopic for UserCreated {}

    #[automatically_derived]
    impl anywire::HasProto for UserCreated {}

    #[automatically_derived]
    impl anywire::Event for UserCreated {
        const DESCRIPTORS: &'static [u8] = ::core::include_bytes!("numbered.binpb");
    }

    #[automatically_derived]
    impl<P: anywire::AtMostOnce<UserCreated>> anywire::CarriedBy<P> for UserCreated {}

    /// Delivers [`UserCreated`] to a handler.
    pub type UserCreatedSubscriber<H> = anywire::Subscriber<UserCreated, H>;

    /// A type for each message, which stands for it where types are compared.
    pub mod op {
        use super::anywire::prelude::*;

        /// The message [`Users::get_user`](super::Users::get_user).
        #[derive(Clone, Copy, Debug)]
        pub struct GetUser;

        /// The message [`Users::rename`](super::Users::rename).
        #[derive(Clone, Copy, Debug)]
        pub struct Rename;

        /// The message [`Users::count`](super::Users::count).
        #[derive(Clone, Copy, Debug)]
        pub struct Count;
    }
}
