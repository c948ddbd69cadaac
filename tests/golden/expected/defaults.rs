// @generated from contracts/defaults.rs by anywire-contracts 0.1.0. Do not edit.

/// Optional fields and defaults.
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
pub mod defaults {
    use super::__anywire::__for_contracts_0_1_0 as anywire;
    use self::anywire::prelude::*;

    /// A page of a list.
    ///
    /// Defined at `contracts/defaults.rs:5`.
    #[derive(Clone, Debug, PartialEq)]
    pub struct Page {
        /// Defined at `contracts/defaults.rs:6`.
        pub nick_name: Option<String>,
        /// Defined at `contracts/defaults.rs:8`.
        pub page_size: u32,
        /// Defined at `contracts/defaults.rs:10`.
        pub least: f64,
        /// Defined at `contracts/defaults.rs:12`.
        pub is_sorted: bool,
        /// Defined at `contracts/defaults.rs:14`.
        pub sort_by: String,
        /// Defined at `contracts/defaults.rs:16`.
        pub tags: Vec<String>,
        /// Defined at `contracts/defaults.rs:18`.
        pub counts: BTreeMap<String, u32>,
        /// Defined at `contracts/defaults.rs:20`.
        pub order: Order,
        /// Defined at `contracts/defaults.rs:22`.
        pub wait: Duration,
        /// Defined at `contracts/defaults.rs:24`.
        pub price: Decimal,
        /// Defined at `contracts/defaults.rs:26`.
        pub level: Level,
    }

    impl Page {
        /// A value whose fields are empty or have their defaults.
        #[must_use]
        pub fn new() -> Self {
            Self {
                nick_name: None,
                page_size: 20,
                least: -1.5,
                is_sorted: true,
                sort_by: String::from("name"),
                tags: Vec::new(),
                counts: BTreeMap::new(),
                order: Order::Descending,
                wait: Duration::from_millis(1500),
                price: anywire::decimal("0.50"),
                level: Level(3),
            }
        }
    }

    #[automatically_derived]
    impl anywire::Wire for Page {
        fn encode(&self, to: &mut anywire::Writer) {
            to.begin_object();
            to.optional("nickName", &self.nick_name);
            to.field("pageSize", &self.page_size);
            to.field("least", &self.least);
            to.field("isSorted", &self.is_sorted);
            to.field("sortBy", &self.sort_by);
            to.field("tags", &self.tags);
            to.field("counts", &self.counts);
            to.field("order", &self.order);
            to.field("wait", &self.wait);
            to.field("price", &self.price);
            to.field("level", &self.level);
            to.end_object();
        }

        fn decode(from: &mut anywire::Reader<'_>) -> Result<Self, anywire::DecodeError> {
            const FIELDS: &[&str] = &[
                "nickName",
                "pageSize",
                "least",
                "isSorted",
                "sortBy",
                "tags",
                "counts",
                "order",
                "wait",
                "price",
                "level",
            ];
            let mut nick_name = None;
            let mut page_size = None;
            let mut least = None;
            let mut is_sorted = None;
            let mut sort_by = None;
            let mut tags = None;
            let mut counts = None;
            let mut order = None;
            let mut wait = None;
            let mut price = None;
            let mut level = None;
            let mut object = from.object(FIELDS)?;
            while let Some(field) = object.next()? {
                match field {
                    0 => object.read_optional(&mut nick_name)?,
                    1 => object.read(&mut page_size)?,
                    2 => object.read(&mut least)?,
                    3 => object.read(&mut is_sorted)?,
                    4 => object.read(&mut sort_by)?,
                    5 => object.read(&mut tags)?,
                    6 => object.read(&mut counts)?,
                    7 => object.read(&mut order)?,
                    8 => object.read(&mut wait)?,
                    9 => object.read(&mut price)?,
                    10 => object.read(&mut level)?,
                    _ => object.skip()?,
                }
            }
            Ok(Self {
                nick_name,
                page_size: page_size.unwrap_or(20),
                least: least.unwrap_or(-1.5),
                is_sorted: is_sorted.unwrap_or(true),
                sort_by: sort_by.unwrap_or_else(|| String::from("name")),
                tags: tags.unwrap_or_default(),
                counts: counts.unwrap_or_default(),
                order: order.unwrap_or(Order::Descending),
                wait: wait.unwrap_or(Duration::from_millis(1500)),
                price: price.unwrap_or_else(|| anywire::decimal("0.50")),
                level: level.unwrap_or(Level(3)),
            })
        }
    }

    /// Defined at `contracts/defaults.rs:29`.
    #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
    pub enum Order {
        /// Defined at `contracts/defaults.rs:30`.
        Ascending,
        /// Defined at `contracts/defaults.rs:31`.
        Descending,
    }

    #[automatically_derived]
    impl ::core::fmt::Display for Order {
        fn fmt(&self, f: &mut ::core::fmt::Formatter<'_>) -> ::core::fmt::Result {
            match self {
                Self::Ascending => f.write_str("ascending"),
                Self::Descending => f.write_str("descending"),
            }
        }
    }

    #[automatically_derived]
    impl anywire::Wire for Order {
        fn encode(&self, to: &mut anywire::Writer) {
            match self {
                Self::Ascending => to.string("ascending"),
                Self::Descending => to.string("descending"),
            }
        }

        fn decode(from: &mut anywire::Reader<'_>) -> Result<Self, anywire::DecodeError> {
            const NAMES: &[&str] = &["ascending", "descending"];
            match from.variant(NAMES)? {
                Some(0) => Ok(Self::Ascending),
                Some(1) => Ok(Self::Descending),
                _ => Err(anywire::Reader::unknown_variant(NAMES)),
            }
        }
    }

    /// Defined at `contracts/defaults.rs:34`.
    #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
    pub struct Level(pub u8);

    #[automatically_derived]
    impl ::core::convert::From<u8> for Level {
        fn from(value: u8) -> Self {
            Self(value)
        }
    }

    #[automatically_derived]
    impl ::core::fmt::Display for Level {
        fn fmt(&self, f: &mut ::core::fmt::Formatter<'_>) -> ::core::fmt::Result {
            ::core::fmt::Display::fmt(&self.0, f)
        }
    }

    #[automatically_derived]
    impl anywire::Wire for Level {
        fn encode(&self, to: &mut anywire::Writer) {
            anywire::Wire::encode(&self.0, to);
        }

        fn decode(from: &mut anywire::Reader<'_>) -> Result<Self, anywire::DecodeError> {
            anywire::Wire::decode(from).map(Self)
        }
    }

    #[automatically_derived]
    impl anywire::MapKey for Level {
        fn write_key(&self, to: &mut String) {
            anywire::MapKey::write_key(&self.0, to);
        }

        fn read_key(text: &str) -> Option<Self> {
            anywire::MapKey::read_key(text).map(Self)
        }
    }

    /// Handles the messages of `Pages`.
    ///
    /// Defined at `contracts/defaults.rs:37`.
    pub trait Pages: ::core::marker::Send + ::core::marker::Sync + 'static {
        /// Handles `list`.
        ///
        /// Defined at `contracts/defaults.rs:39`.
        fn list(
            &self,
            cx: &anywire::Context,
            request: ListRequest,
        ) -> impl ::core::future::Future<
            Output = Result<Page, anywire::Failure>,
        > + ::core::marker::Send;
    }

    /// Serves [`Pages`] by a handler.
    pub struct PagesServer<H> {
        handler: ::std::sync::Arc<H>,
    }

    impl<H: Pages> PagesServer<H> {
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
                "Pages",
                routes,
                anywire::BoxService::new(self),
                listener,
            )
        }
    }

    #[automatically_derived]
    impl<H> ::core::clone::Clone for PagesServer<H> {
        fn clone(&self) -> Self {
            Self {
                handler: ::std::sync::Arc::clone(&self.handler),
            }
        }
    }

    #[automatically_derived]
    impl<H> ::core::fmt::Debug for PagesServer<H> {
        fn fmt(&self, f: &mut ::core::fmt::Formatter<'_>) -> ::core::fmt::Result {
            f.debug_struct("PagesServer").finish_non_exhaustive()
        }
    }

    #[automatically_derived]
    impl<H, P> anywire::CarriedBy<P> for PagesServer<H>
    where
        P: anywire::RequestReply<op::List>,
    {}

    #[automatically_derived]
    impl<H: Pages> anywire::Dispatch for PagesServer<H> {
        const OPERATIONS: &'static [&'static anywire::Meta] = &[
            <op::List as anywire::Operation>::META,
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
                        match anywire::open::<op::List>(request) {
                            Ok((cx, request)) => {
                                let result = Pages::list(&*handler, &cx, request).await;
                                anywire::respond::<op::List>(result)
                            }
                            Err(reply) => reply,
                        }
                    })
                }
                _ => anywire::no_handler(),
            }
        }
    }

    /// Calls [`Pages`] over a transport.
    pub struct PagesClient<T = anywire::AnyTransport> {
        channel: anywire::Channel<T>,
    }

    impl<T: anywire::Transport> PagesClient<T> {
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

        /// Calls `list`.
        ///
        /// Defined at `contracts/defaults.rs:39`.
        pub fn list(&self, page: Page) -> anywire::Call<op::List>
        where
            T: anywire::RequestReply<op::List>,
        {
            self.channel.call(ListRequest::new(page))
        }
    }

    #[automatically_derived]
    impl<T> ::core::clone::Clone for PagesClient<T> {
        fn clone(&self) -> Self {
            Self {
                channel: ::core::clone::Clone::clone(&self.channel),
            }
        }
    }

    #[automatically_derived]
    impl<T> ::core::fmt::Debug for PagesClient<T> {
        fn fmt(&self, f: &mut ::core::fmt::Formatter<'_>) -> ::core::fmt::Result {
            f.debug_struct("PagesClient").field("channel", &self.channel).finish()
        }
    }

    /// What [`Pages::list`] is called with.
    #[derive(Clone, Debug, PartialEq)]
    pub struct ListRequest {
        /// Defined at `contracts/defaults.rs:39`.
        pub page: Page,
        /// Defined at `contracts/defaults.rs:39`.
        pub first: Option<u32>,
        /// Defined at `contracts/defaults.rs:39`.
        pub most: u32,
    }

    impl ListRequest {
        /// A value of its required fields; the others are empty or have their defaults.
        #[must_use]
        pub fn new(page: Page) -> Self {
            Self { page, first: None, most: 5 }
        }
    }

    #[automatically_derived]
    impl anywire::Wire for ListRequest {
        fn encode(&self, to: &mut anywire::Writer) {
            to.begin_object();
            to.field("page", &self.page);
            to.optional("first", &self.first);
            to.field("most", &self.most);
            to.end_object();
        }

        fn decode(from: &mut anywire::Reader<'_>) -> Result<Self, anywire::DecodeError> {
            const FIELDS: &[&str] = &["page", "first", "most"];
            let mut page = None;
            let mut first = None;
            let mut most = None;
            let mut object = from.object(FIELDS)?;
            while let Some(field) = object.next()? {
                match field {
                    0 => object.read(&mut page)?,
                    1 => object.read_optional(&mut first)?,
                    2 => object.read(&mut most)?,
                    _ => object.skip()?,
                }
            }
            Ok(Self {
                page: object.required(0, page)?,
                first,
                most: most.unwrap_or(5),
            })
        }
    }

    #[automatically_derived]
    impl anywire::Operation for op::List {
        type Request = ListRequest;
        type Response = Page;
        type Error = ::core::convert::Infallible;

        const META: &'static anywire::Meta = &anywire::Meta {
            package: "golden.defaults.v1",
            service: "Pages",
            name: "list",
            kind: anywire::OperationKind::Message,
            pattern: "\"pages.list\"",
            route: "pages.list",
            timeout: anywire::DEFAULT_TIMEOUT,
            idempotent: false,
            delivery: anywire::Delivery::AtMostOnce,
        };
    }

    /// A type for each message, which stands for it where types are compared.
    pub mod op {
        use super::anywire::prelude::*;

        /// The message [`Pages::list`](super::Pages::list).
        #[derive(Clone, Copy, Debug)]
        pub struct List;
    }
}
