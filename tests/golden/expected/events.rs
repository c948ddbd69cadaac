// @generated from contracts/events.rs by anywire-contracts 0.1.0. Do not edit.

/// Events.
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
pub mod events {
    use super::__anywire::__for_contracts_0_1_0 as anywire;
    use self::anywire::prelude::*;

    /// Defined at `contracts/events.rs:4`.
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

    /// Publishes the events of `Notices` over a transport.
    pub struct NoticesPublisher<T = anywire::AnyTransport> {
        channel: anywire::Channel<T>,
    }

    impl<T: anywire::Transport> NoticesPublisher<T> {
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
        /// Defined at `contracts/events.rs:10`.
        pub fn user_created(
            &self,
            user_id: impl ::core::convert::Into<UserId>,
            email: impl ::core::convert::Into<String>,
        ) -> anywire::Call<UserCreated>
        where
            T: anywire::KeyOrder<UserCreated>,
        {
            self.channel.call(UserCreated::new(user_id, email))
        }

        /// Publishes `user_seen`.
        ///
        /// Defined at `contracts/events.rs:12`.
        pub fn user_seen(
            &self,
            user_id: impl ::core::convert::Into<UserId>,
        ) -> anywire::Call<UserSeen>
        where
            T: anywire::AtMostOnce<UserSeen>,
        {
            self.channel.call(UserSeen::new(user_id))
        }

        /// Publishes `line_logged`.
        ///
        /// Defined at `contracts/events.rs:14`.
        pub fn line_logged(
            &self,
            line: impl ::core::convert::Into<String>,
        ) -> anywire::Call<LineLogged>
        where
            T: anywire::AtLeastOnce<LineLogged>,
        {
            self.channel.call(LineLogged(line.into()))
        }
    }

    #[automatically_derived]
    impl<T> ::core::clone::Clone for NoticesPublisher<T> {
        fn clone(&self) -> Self {
            Self {
                channel: ::core::clone::Clone::clone(&self.channel),
            }
        }
    }

    #[automatically_derived]
    impl<T> ::core::fmt::Debug for NoticesPublisher<T> {
        fn fmt(&self, f: &mut ::core::fmt::Formatter<'_>) -> ::core::fmt::Result {
            f.debug_struct("NoticesPublisher").field("channel", &self.channel).finish()
        }
    }

    /// Somebody signed up.
    ///
    /// Defined at `contracts/events.rs:10`.
    #[derive(Clone, Debug, PartialEq, Eq, Hash)]
    pub struct UserCreated {
        /// Defined at `contracts/events.rs:10`.
        pub user_id: UserId,
        /// Defined at `contracts/events.rs:10`.
        pub email: String,
    }

    impl UserCreated {
        /// A value of its fields.
        #[must_use]
        pub fn new(
            user_id: impl ::core::convert::Into<UserId>,
            email: impl ::core::convert::Into<String>,
        ) -> Self {
            Self {
                user_id: user_id.into(),
                email: email.into(),
            }
        }
    }

    #[automatically_derived]
    impl anywire::Wire for UserCreated {
        fn encode(&self, to: &mut anywire::Writer) {
            to.begin_object();
            to.field("userId", &self.user_id);
            to.field("email", &self.email);
            to.end_object();
        }

        fn decode(from: &mut anywire::Reader<'_>) -> Result<Self, anywire::DecodeError> {
            const FIELDS: &[&str] = &["userId", "email"];
            let mut user_id = None;
            let mut email = None;
            let mut object = from.object(FIELDS);
            while let Some(field) = object.next_field() {
                match field {
                    0 => object.read(&mut user_id),
                    1 => object.read(&mut email),
                    _ => object.skip(),
                }
            }
            let (true, Some(user_id), Some(email)) = (object.is_sound(), user_id, email)
            else {
                return Err(object.failure(&[0, 1]));
            };
            Ok(Self { user_id, email })
        }
    }

    #[automatically_derived]
    impl anywire::Operation for UserCreated {
        type Request = UserCreated;
        type Response = ();
        type Error = ::core::convert::Infallible;

        const META: &'static anywire::Meta = &anywire::Meta {
            package: "golden.events.v1",
            service: "Notices",
            name: "user_created",
            kind: anywire::OperationKind::Event,
            streams: anywire::Streams::Neither,
            pattern: "\"user_created\"",
            route: "user_created",
            topic: Some("user_created"),
            grpc: None,
            timeout: anywire::DEFAULT_TIMEOUT,
            idempotent: false,
            request_is_text: false,
            response_is_text: false,
            delivery: anywire::Delivery::AtLeastOnce,
            fingerprint: "1dc644d2319f9a8f",
        };

        fn key(request: &UserCreated) -> Option<String> {
            Some(::std::string::ToString::to_string(&request.user_id))
        }
    }

    #[automatically_derived]
    impl anywire::HasTopic for UserCreated {}

    #[automatically_derived]
    impl anywire::Event for UserCreated {}

    #[automatically_derived]
    impl<P: anywire::KeyOrder<UserCreated>> anywire::CarriedBy<P> for UserCreated {}

    /// Delivers [`UserCreated`] to a handler.
    pub type UserCreatedSubscriber<H> = anywire::Subscriber<UserCreated, H>;

    /// The event `user_seen`.
    ///
    /// Defined at `contracts/events.rs:12`.
    #[derive(Clone, Debug, PartialEq, Eq, Hash)]
    pub struct UserSeen {
        /// Defined at `contracts/events.rs:12`.
        pub user_id: UserId,
    }

    impl UserSeen {
        /// A value of its fields.
        #[must_use]
        pub fn new(user_id: impl ::core::convert::Into<UserId>) -> Self {
            Self { user_id: user_id.into() }
        }
    }

    #[automatically_derived]
    impl anywire::Wire for UserSeen {
        fn encode(&self, to: &mut anywire::Writer) {
            to.begin_object();
            to.field("userId", &self.user_id);
            to.end_object();
        }

        fn decode(from: &mut anywire::Reader<'_>) -> Result<Self, anywire::DecodeError> {
            const FIELDS: &[&str] = &["userId"];
            let mut user_id = None;
            let mut object = from.object(FIELDS);
            while let Some(field) = object.next_field() {
                match field {
                    0 => object.read(&mut user_id),
                    _ => object.skip(),
                }
            }
            let (true, Some(user_id)) = (object.is_sound(), user_id) else {
                return Err(object.failure(&[0]));
            };
            Ok(Self { user_id })
        }
    }

    #[automatically_derived]
    impl anywire::Operation for UserSeen {
        type Request = UserSeen;
        type Response = ();
        type Error = ::core::convert::Infallible;

        const META: &'static anywire::Meta = &anywire::Meta {
            package: "golden.events.v1",
            service: "Notices",
            name: "user_seen",
            kind: anywire::OperationKind::Event,
            streams: anywire::Streams::Neither,
            pattern: "\"user_seen\"",
            route: "user_seen",
            topic: Some("user_seen"),
            grpc: None,
            timeout: anywire::DEFAULT_TIMEOUT,
            idempotent: false,
            request_is_text: false,
            response_is_text: false,
            delivery: anywire::Delivery::AtMostOnce,
            fingerprint: "dbf4d7035a38cc87",
        };
    }

    #[automatically_derived]
    impl anywire::HasTopic for UserSeen {}

    #[automatically_derived]
    impl anywire::Event for UserSeen {}

    #[automatically_derived]
    impl<P: anywire::AtMostOnce<UserSeen>> anywire::CarriedBy<P> for UserSeen {}

    /// Delivers [`UserSeen`] to a handler.
    pub type UserSeenSubscriber<H> = anywire::Subscriber<UserSeen, H>;

    /// The event `line_logged`.
    ///
    /// Defined at `contracts/events.rs:14`.
    #[derive(Clone, Debug, PartialEq, Eq, Hash)]
    pub struct LineLogged(pub String);

    #[automatically_derived]
    impl anywire::Wire for LineLogged {
        fn encode(&self, to: &mut anywire::Writer) {
            anywire::Wire::encode(&self.0, to);
        }

        fn decode(from: &mut anywire::Reader<'_>) -> Result<Self, anywire::DecodeError> {
            anywire::Wire::decode(from).map(Self)
        }

        fn check(&self, violations: &mut anywire::Violations) {
            violations.len(&self.0, 1..);
        }
    }

    #[automatically_derived]
    impl anywire::Operation for LineLogged {
        type Request = LineLogged;
        type Response = ();
        type Error = ::core::convert::Infallible;

        const META: &'static anywire::Meta = &anywire::Meta {
            package: "golden.events.v1",
            service: "Notices",
            name: "line_logged",
            kind: anywire::OperationKind::Event,
            streams: anywire::Streams::Neither,
            pattern: "\"line_logged\"",
            route: "line_logged",
            topic: Some("line_logged"),
            grpc: None,
            timeout: anywire::DEFAULT_TIMEOUT,
            idempotent: false,
            request_is_text: true,
            response_is_text: false,
            delivery: anywire::Delivery::AtLeastOnce,
            fingerprint: "0bfe51abcce4cf4d",
        };
    }

    #[automatically_derived]
    impl anywire::HasTopic for LineLogged {}

    #[automatically_derived]
    impl anywire::Event for LineLogged {}

    #[automatically_derived]
    impl<P: anywire::AtLeastOnce<LineLogged>> anywire::CarriedBy<P> for LineLogged {}

    /// Delivers [`LineLogged`] to a handler.
    pub type LineLoggedSubscriber<H> = anywire::Subscriber<LineLogged, H>;
}
