// @generated from contracts/scalars.rs by anywire-contracts 0.1.0. Do not edit.

/// Every built-in type.
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
pub mod scalars {
    use super::__anywire::__for_contracts_0_1_0 as anywire;
    use self::anywire::prelude::*;

    /// All scalars.
    ///
    /// Defined at `contracts/scalars.rs:5`.
    #[derive(Clone, Debug, PartialEq)]
    pub struct Scalars {
        /// Defined at `contracts/scalars.rs:6`.
        pub yes: bool,
        /// Defined at `contracts/scalars.rs:7`.
        pub tiny: i8,
        /// Defined at `contracts/scalars.rs:8`.
        pub small: i16,
        /// Defined at `contracts/scalars.rs:9`.
        pub medium: i32,
        /// Defined at `contracts/scalars.rs:10`.
        pub large: i64,
        /// Defined at `contracts/scalars.rs:11`.
        pub byte: u8,
        /// Defined at `contracts/scalars.rs:12`.
        pub short: u16,
        /// Defined at `contracts/scalars.rs:13`.
        pub word: u32,
        /// Defined at `contracts/scalars.rs:14`.
        pub long: u64,
        /// Defined at `contracts/scalars.rs:15`.
        pub single: f32,
        /// Defined at `contracts/scalars.rs:16`.
        pub double: f64,
        /// Defined at `contracts/scalars.rs:17`.
        pub text: String,
        /// Defined at `contracts/scalars.rs:18`.
        pub bytes: Bytes,
        /// Defined at `contracts/scalars.rs:19`.
        pub uuid: Uuid,
        /// Defined at `contracts/scalars.rs:20`.
        pub decimal: Decimal,
        /// Defined at `contracts/scalars.rs:21`.
        pub date: Date,
        /// Defined at `contracts/scalars.rs:22`.
        pub timestamp: Timestamp,
        /// Defined at `contracts/scalars.rs:23`.
        pub duration: Duration,
        /// Defined at `contracts/scalars.rs:24`.
        pub json: Json,
    }

    impl Scalars {
        /// A value of its fields.
        #[must_use]
        pub fn new(
            yes: bool,
            tiny: i8,
            small: i16,
            medium: i32,
            large: i64,
            byte: u8,
            short: u16,
            word: u32,
            long: u64,
            single: f32,
            double: f64,
            text: impl ::core::convert::Into<String>,
            bytes: Bytes,
            uuid: Uuid,
            decimal: Decimal,
            date: Date,
            timestamp: Timestamp,
            duration: Duration,
            json: Json,
        ) -> Self {
            Self {
                yes,
                tiny,
                small,
                medium,
                large,
                byte,
                short,
                word,
                long,
                single,
                double,
                text: text.into(),
                bytes,
                uuid,
                decimal,
                date,
                timestamp,
                duration,
                json,
            }
        }
    }

    #[automatically_derived]
    impl anywire::Wire for Scalars {
        fn encode(&self, to: &mut anywire::Writer) {
            to.begin_object();
            to.field("yes", &self.yes);
            to.field("tiny", &self.tiny);
            to.field("small", &self.small);
            to.field("medium", &self.medium);
            to.field("large", &self.large);
            to.field("byte", &self.byte);
            to.field("short", &self.short);
            to.field("word", &self.word);
            to.field("long", &self.long);
            to.field("single", &self.single);
            to.field("double", &self.double);
            to.field("text", &self.text);
            to.field("bytes", &self.bytes);
            to.field("uuid", &self.uuid);
            to.field("decimal", &self.decimal);
            to.field("date", &self.date);
            to.field("timestamp", &self.timestamp);
            to.field("duration", &self.duration);
            to.field("json", &self.json);
            to.end_object();
        }

        fn decode(from: &mut anywire::Reader<'_>) -> Result<Self, anywire::DecodeError> {
            const FIELDS: &[&str] = &[
                "yes",
                "tiny",
                "small",
                "medium",
                "large",
                "byte",
                "short",
                "word",
                "long",
                "single",
                "double",
                "text",
                "bytes",
                "uuid",
                "decimal",
                "date",
                "timestamp",
                "duration",
                "json",
            ];
            let mut yes = None;
            let mut tiny = None;
            let mut small = None;
            let mut medium = None;
            let mut large = None;
            let mut byte = None;
            let mut short = None;
            let mut word = None;
            let mut long = None;
            let mut single = None;
            let mut double = None;
            let mut text = None;
            let mut bytes = None;
            let mut uuid = None;
            let mut decimal = None;
            let mut date = None;
            let mut timestamp = None;
            let mut duration = None;
            let mut json = None;
            let mut object = from.object(FIELDS)?;
            while let Some(field) = object.next()? {
                match field {
                    0 => object.read(&mut yes)?,
                    1 => object.read(&mut tiny)?,
                    2 => object.read(&mut small)?,
                    3 => object.read(&mut medium)?,
                    4 => object.read(&mut large)?,
                    5 => object.read(&mut byte)?,
                    6 => object.read(&mut short)?,
                    7 => object.read(&mut word)?,
                    8 => object.read(&mut long)?,
                    9 => object.read(&mut single)?,
                    10 => object.read(&mut double)?,
                    11 => object.read(&mut text)?,
                    12 => object.read(&mut bytes)?,
                    13 => object.read(&mut uuid)?,
                    14 => object.read(&mut decimal)?,
                    15 => object.read(&mut date)?,
                    16 => object.read(&mut timestamp)?,
                    17 => object.read(&mut duration)?,
                    18 => object.read(&mut json)?,
                    _ => object.skip()?,
                }
            }
            Ok(Self {
                yes: object.required(0, yes)?,
                tiny: object.required(1, tiny)?,
                small: object.required(2, small)?,
                medium: object.required(3, medium)?,
                large: object.required(4, large)?,
                byte: object.required(5, byte)?,
                short: object.required(6, short)?,
                word: object.required(7, word)?,
                long: object.required(8, long)?,
                single: object.required(9, single)?,
                double: object.required(10, double)?,
                text: object.required(11, text)?,
                bytes: object.required(12, bytes)?,
                uuid: object.required(13, uuid)?,
                decimal: object.required(14, decimal)?,
                date: object.required(15, date)?,
                timestamp: object.required(16, timestamp)?,
                duration: object.required(17, duration)?,
                json: object.required(18, json)?,
            })
        }
    }

    /// 64-bit integers as text.
    ///
    /// Defined at `contracts/scalars.rs:28`.
    #[derive(Clone, Debug, PartialEq, Eq, Hash)]
    pub struct Wide {
        /// Defined at `contracts/scalars.rs:30`.
        pub id: u64,
        /// Defined at `contracts/scalars.rs:32`.
        pub parent: Option<i64>,
        /// Defined at `contracts/scalars.rs:35`.
        pub revision: u64,
    }

    impl Wide {
        /// A value of its required fields; the others are empty or have their defaults.
        #[must_use]
        pub fn new(id: u64) -> Self {
            Self {
                id,
                parent: None,
                revision: 7,
            }
        }
    }

    #[automatically_derived]
    impl anywire::Wire for Wide {
        fn encode(&self, to: &mut anywire::Writer) {
            to.begin_object();
            to.field("id", &anywire::Text(self.id));
            to.optional("parent", &self.parent.map(anywire::Text));
            to.field("revision", &anywire::Text(self.revision));
            to.end_object();
        }

        fn decode(from: &mut anywire::Reader<'_>) -> Result<Self, anywire::DecodeError> {
            const FIELDS: &[&str] = &["id", "parent", "revision"];
            let mut id: Option<anywire::Text<u64>> = None;
            let mut parent: Option<anywire::Text<i64>> = None;
            let mut revision: Option<anywire::Text<u64>> = None;
            let mut object = from.object(FIELDS)?;
            while let Some(field) = object.next()? {
                match field {
                    0 => object.read(&mut id)?,
                    1 => object.read_optional(&mut parent)?,
                    2 => object.read(&mut revision)?,
                    _ => object.skip()?,
                }
            }
            Ok(Self {
                id: object.required(0, id)?.0,
                parent: parent.map(|text| text.0),
                revision: revision.map_or(7, |text| text.0),
            })
        }
    }

    /// What holds other types.
    ///
    /// Defined at `contracts/scalars.rs:39`.
    #[derive(Clone, Debug, PartialEq, Eq)]
    pub struct Containers {
        /// Defined at `contracts/scalars.rs:40`.
        pub list: Vec<Wide>,
        /// Defined at `contracts/scalars.rs:41`.
        pub sorted: BTreeMap<Key, Wide>,
        /// Defined at `contracts/scalars.rs:42`.
        pub hashed: HashMap<u32, String>,
        /// Defined at `contracts/scalars.rs:43`.
        pub boxed: Option<Box<Containers>>,
    }

    impl Containers {
        /// A value of its required fields; the others are empty or have their defaults.
        #[must_use]
        pub fn new(
            list: Vec<Wide>,
            sorted: BTreeMap<Key, Wide>,
            hashed: HashMap<u32, String>,
        ) -> Self {
            Self {
                list,
                sorted,
                hashed,
                boxed: None,
            }
        }
    }

    #[automatically_derived]
    impl anywire::Wire for Containers {
        fn encode(&self, to: &mut anywire::Writer) {
            to.begin_object();
            to.field("list", &self.list);
            to.field("sorted", &self.sorted);
            to.field("hashed", &self.hashed);
            to.optional("boxed", &self.boxed);
            to.end_object();
        }

        fn decode(from: &mut anywire::Reader<'_>) -> Result<Self, anywire::DecodeError> {
            const FIELDS: &[&str] = &["list", "sorted", "hashed", "boxed"];
            let mut list = None;
            let mut sorted = None;
            let mut hashed = None;
            let mut boxed = None;
            let mut object = from.object(FIELDS)?;
            while let Some(field) = object.next()? {
                match field {
                    0 => object.read(&mut list)?,
                    1 => object.read(&mut sorted)?,
                    2 => object.read(&mut hashed)?,
                    3 => object.read_optional(&mut boxed)?,
                    _ => object.skip()?,
                }
            }
            Ok(Self {
                list: object.required(0, list)?,
                sorted: object.required(1, sorted)?,
                hashed: object.required(2, hashed)?,
                boxed,
            })
        }
    }

    /// A key of a map.
    ///
    /// Defined at `contracts/scalars.rs:47`.
    #[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
    pub struct Key(pub String);

    #[automatically_derived]
    impl ::core::convert::From<String> for Key {
        fn from(value: String) -> Self {
            Self(value)
        }
    }

    #[automatically_derived]
    impl ::core::convert::From<&str> for Key {
        fn from(value: &str) -> Self {
            Self(value.into())
        }
    }

    #[automatically_derived]
    impl ::core::fmt::Display for Key {
        fn fmt(&self, f: &mut ::core::fmt::Formatter<'_>) -> ::core::fmt::Result {
            ::core::fmt::Display::fmt(&self.0, f)
        }
    }

    #[automatically_derived]
    impl anywire::Wire for Key {
        fn encode(&self, to: &mut anywire::Writer) {
            anywire::Wire::encode(&self.0, to);
        }

        fn decode(from: &mut anywire::Reader<'_>) -> Result<Self, anywire::DecodeError> {
            anywire::Wire::decode(from).map(Self)
        }
    }

    #[automatically_derived]
    impl anywire::MapKey for Key {
        fn write_key(&self, to: &mut String) {
            anywire::MapKey::write_key(&self.0, to);
        }

        fn read_key(text: &str) -> Option<Self> {
            anywire::MapKey::read_key(text).map(Self)
        }
    }

    /// An alias.
    ///
    /// Defined at `contracts/scalars.rs:50`.
    pub type Names = Vec<String>;

    /// Nothing yet.
    ///
    /// Defined at `contracts/scalars.rs:53`.
    #[derive(Clone, Debug, PartialEq, Eq, Hash)]
    pub struct Empty {}

    impl Empty {
        /// The only value.
        #[must_use]
        pub fn new() -> Self {
            Self {}
        }
    }

    #[automatically_derived]
    impl anywire::Wire for Empty {
        fn encode(&self, to: &mut anywire::Writer) {
            to.begin_object();
            to.end_object();
        }

        fn decode(from: &mut anywire::Reader<'_>) -> Result<Self, anywire::DecodeError> {
            from.object(&[])?.pass()?;
            Ok(Self {})
        }
    }

    /// Handles the messages of `Echo`.
    ///
    /// Defined at `contracts/scalars.rs:56`.
    pub trait Echo: ::core::marker::Send + ::core::marker::Sync + 'static {
        /// Handles `all`.
        ///
        /// Defined at `contracts/scalars.rs:58`.
        fn all(
            &self,
            cx: &anywire::Context,
            request: AllRequest,
        ) -> impl ::core::future::Future<
            Output = Result<(), anywire::Failure>,
        > + ::core::marker::Send;
    }

    /// Serves [`Echo`] by a handler.
    pub struct EchoServer<H> {
        handler: ::std::sync::Arc<H>,
    }

    impl<H: Echo> EchoServer<H> {
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
            anywire::Bound::new("Echo", routes, anywire::BoxService::new(self), listener)
        }
    }

    #[automatically_derived]
    impl<H> ::core::clone::Clone for EchoServer<H> {
        fn clone(&self) -> Self {
            Self {
                handler: ::std::sync::Arc::clone(&self.handler),
            }
        }
    }

    #[automatically_derived]
    impl<H> ::core::fmt::Debug for EchoServer<H> {
        fn fmt(&self, f: &mut ::core::fmt::Formatter<'_>) -> ::core::fmt::Result {
            f.debug_struct("EchoServer").finish_non_exhaustive()
        }
    }

    #[automatically_derived]
    impl<H, P> anywire::CarriedBy<P> for EchoServer<H>
    where
        P: anywire::RequestReply<op::All>,
    {}

    #[automatically_derived]
    impl<H: Echo> anywire::Dispatch for EchoServer<H> {
        const OPERATIONS: &'static [&'static anywire::Meta] = &[
            <op::All as anywire::Operation>::META,
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
                        match anywire::open::<op::All>(request) {
                            Ok((cx, request)) => {
                                let result = Echo::all(&*handler, &cx, request).await;
                                anywire::respond::<op::All>(result)
                            }
                            Err(reply) => reply,
                        }
                    })
                }
                _ => anywire::no_handler(),
            }
        }
    }

    /// Calls [`Echo`] over a transport.
    pub struct EchoClient<T = anywire::AnyTransport> {
        channel: anywire::Channel<T>,
    }

    impl<T: anywire::Transport> EchoClient<T> {
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

        /// Calls `all`.
        ///
        /// Defined at `contracts/scalars.rs:58`.
        pub fn all(
            &self,
            scalars: Scalars,
            containers: Containers,
            names: Names,
            empty: Empty,
        ) -> anywire::Call<op::All>
        where
            T: anywire::RequestReply<op::All>,
        {
            self.channel.call(AllRequest::new(scalars, containers, names, empty))
        }
    }

    #[automatically_derived]
    impl<T> ::core::clone::Clone for EchoClient<T> {
        fn clone(&self) -> Self {
            Self {
                channel: ::core::clone::Clone::clone(&self.channel),
            }
        }
    }

    #[automatically_derived]
    impl<T> ::core::fmt::Debug for EchoClient<T> {
        fn fmt(&self, f: &mut ::core::fmt::Formatter<'_>) -> ::core::fmt::Result {
            f.debug_struct("EchoClient").field("channel", &self.channel).finish()
        }
    }

    /// What [`Echo::all`] is called with.
    #[derive(Clone, Debug, PartialEq)]
    pub struct AllRequest {
        /// Defined at `contracts/scalars.rs:58`.
        pub scalars: Scalars,
        /// Defined at `contracts/scalars.rs:58`.
        pub containers: Containers,
        /// Defined at `contracts/scalars.rs:58`.
        pub names: Names,
        /// Defined at `contracts/scalars.rs:58`.
        pub empty: Empty,
    }

    impl AllRequest {
        /// A value of its fields.
        #[must_use]
        pub fn new(
            scalars: Scalars,
            containers: Containers,
            names: Names,
            empty: Empty,
        ) -> Self {
            Self {
                scalars,
                containers,
                names,
                empty,
            }
        }
    }

    #[automatically_derived]
    impl anywire::Wire for AllRequest {
        fn encode(&self, to: &mut anywire::Writer) {
            to.begin_object();
            to.field("scalars", &self.scalars);
            to.field("containers", &self.containers);
            to.field("names", &self.names);
            to.field("empty", &self.empty);
            to.end_object();
        }

        fn decode(from: &mut anywire::Reader<'_>) -> Result<Self, anywire::DecodeError> {
            const FIELDS: &[&str] = &["scalars", "containers", "names", "empty"];
            let mut scalars = None;
            let mut containers = None;
            let mut names = None;
            let mut empty = None;
            let mut object = from.object(FIELDS)?;
            while let Some(field) = object.next()? {
                match field {
                    0 => object.read(&mut scalars)?,
                    1 => object.read(&mut containers)?,
                    2 => object.read(&mut names)?,
                    3 => object.read(&mut empty)?,
                    _ => object.skip()?,
                }
            }
            Ok(Self {
                scalars: object.required(0, scalars)?,
                containers: object.required(1, containers)?,
                names: object.required(2, names)?,
                empty: object.required(3, empty)?,
            })
        }
    }

    #[automatically_derived]
    impl anywire::Operation for op::All {
        type Request = AllRequest;
        type Response = ();
        type Error = ::core::convert::Infallible;

        const META: &'static anywire::Meta = &anywire::Meta {
            package: "golden.scalars.v1",
            service: "Echo",
            name: "all",
            kind: anywire::OperationKind::Message,
            pattern: "\"echo.all\"",
            route: "echo.all",
            timeout: anywire::DEFAULT_TIMEOUT,
            idempotent: false,
            delivery: anywire::Delivery::AtMostOnce,
        };
    }

    /// A type for each message, which stands for it where types are compared.
    pub mod op {
        use super::anywire::prelude::*;

        /// The message [`Echo::all`](super::Echo::all).
        #[derive(Clone, Copy, Debug)]
        pub struct All;
    }
}
