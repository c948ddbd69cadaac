// @generated from contracts/checks.rs by anywire-contracts 0.1.0. Do not edit.

/// Checks on input.
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
pub mod checks {
    use super::__anywire::__for_contracts_0_1_0 as anywire;
    use self::anywire::prelude::*;

    /// Defined at `contracts/checks.rs:4`.
    #[derive(Clone, Debug, PartialEq)]
    pub struct SignUp {
        /// Defined at `contracts/checks.rs:6`.
        pub email_address: String,
        /// Defined at `contracts/checks.rs:8`.
        pub nick_name: Option<String>,
        /// Defined at `contracts/checks.rs:10`.
        pub age: u8,
        /// Defined at `contracts/checks.rs:12`.
        pub score: f64,
        /// Defined at `contracts/checks.rs:14`.
        pub price: Decimal,
        /// Defined at `contracts/checks.rs:16`.
        pub wait: Duration,
        /// Defined at `contracts/checks.rs:18`.
        pub tags: Vec<Tag>,
        /// Defined at `contracts/checks.rs:20`.
        pub level: Level,
        /// Defined at `contracts/checks.rs:21`.
        pub address: Address,
        /// Defined at `contracts/checks.rs:22`.
        pub others: BTreeMap<String, Address>,
        /// Defined at `contracts/checks.rs:23`.
        pub contact: Option<Contact>,
    }

    impl SignUp {
        /// A value of its required fields; the others are empty or have their defaults.
        #[must_use]
        pub fn new(
            email_address: impl ::core::convert::Into<String>,
            age: u8,
            score: f64,
            price: Decimal,
            wait: Duration,
            tags: Vec<Tag>,
            level: impl ::core::convert::Into<Level>,
            address: Address,
            others: BTreeMap<String, Address>,
        ) -> Self {
            Self {
                email_address: email_address.into(),
                nick_name: None,
                age,
                score,
                price,
                wait,
                tags,
                level: level.into(),
                address,
                others,
                contact: None,
            }
        }
    }

    #[automatically_derived]
    impl anywire::Wire for SignUp {
        fn encode(&self, to: &mut anywire::Writer) {
            to.begin_object();
            to.field("emailAddress", &self.email_address);
            to.optional("nickName", &self.nick_name);
            to.field("age", &self.age);
            to.field("score", &self.score);
            to.field("price", &self.price);
            to.field("wait", &self.wait);
            to.field("tags", &self.tags);
            to.field("level", &self.level);
            to.field("address", &self.address);
            to.field("others", &self.others);
            to.optional("contact", &self.contact);
            to.end_object();
        }

        fn decode(from: &mut anywire::Reader<'_>) -> Result<Self, anywire::DecodeError> {
            const FIELDS: &[&str] = &[
                "emailAddress",
                "nickName",
                "age",
                "score",
                "price",
                "wait",
                "tags",
                "level",
                "address",
                "others",
                "contact",
            ];
            let mut email_address = None;
            let mut nick_name = None;
            let mut age = None;
            let mut score = None;
            let mut price = None;
            let mut wait = None;
            let mut tags = None;
            let mut level = None;
            let mut address = None;
            let mut others = None;
            let mut contact = None;
            let mut object = from.object(FIELDS)?;
            while let Some(field) = object.next()? {
                match field {
                    0 => object.read(&mut email_address)?,
                    1 => object.read_optional(&mut nick_name)?,
                    2 => object.read(&mut age)?,
                    3 => object.read(&mut score)?,
                    4 => object.read(&mut price)?,
                    5 => object.read(&mut wait)?,
                    6 => object.read(&mut tags)?,
                    7 => object.read(&mut level)?,
                    8 => object.read(&mut address)?,
                    9 => object.read(&mut others)?,
                    10 => object.read_optional(&mut contact)?,
                    _ => object.skip()?,
                }
            }
            Ok(Self {
                email_address: object.required(0, email_address)?,
                nick_name,
                age: object.required(2, age)?,
                score: object.required(3, score)?,
                price: object.required(4, price)?,
                wait: object.required(5, wait)?,
                tags: object.required(6, tags)?,
                level: object.required(7, level)?,
                address: object.required(8, address)?,
                others: object.required(9, others)?,
                contact,
            })
        }

        fn check(&self, violations: &mut anywire::Violations) {
            static EMAIL_ADDRESS: anywire::Pattern = anywire::Pattern::new(
                "^[^@]+@[^@]+$",
            );
            violations.enter("emailAddress");
            violations.len(&self.email_address, 3..=254);
            violations.pattern(&self.email_address, &EMAIL_ADDRESS);
            violations.leave();
            violations.enter("nickName");
            if let Some(value) = &self.nick_name {
                violations.len(value, 2..);
            }
            violations.leave();
            violations.enter("age");
            violations.range(&self.age, 0..=150);
            violations.leave();
            violations.enter("score");
            violations.range(&self.score, -0.5..);
            violations.leave();
            violations.enter("price");
            violations.text_range(&self.price, Some("0.01"), Some("99.99"));
            violations.leave();
            violations.enter("wait");
            violations.text_range(&self.wait, None, Some("120s"));
            violations.leave();
            violations.enter("tags");
            violations.len(&self.tags, 1..=3);
            violations.unique(&self.tags);
            anywire::Wire::check(&self.tags, violations);
            violations.leave();
            violations.enter("level");
            violations.range(&self.level.0, 1..=9);
            violations.leave();
            violations.enter("address");
            anywire::Wire::check(&self.address, violations);
            violations.leave();
            violations.enter("others");
            anywire::Wire::check(&self.others, violations);
            violations.leave();
            violations.enter("contact");
            anywire::Wire::check(&self.contact, violations);
            violations.leave();
        }
    }

    /// Defined at `contracts/checks.rs:27`.
    #[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
    pub struct Tag(pub String);

    #[automatically_derived]
    impl ::core::convert::From<String> for Tag {
        fn from(value: String) -> Self {
            Self(value)
        }
    }

    #[automatically_derived]
    impl ::core::convert::From<&str> for Tag {
        fn from(value: &str) -> Self {
            Self(value.into())
        }
    }

    #[automatically_derived]
    impl ::core::fmt::Display for Tag {
        fn fmt(&self, f: &mut ::core::fmt::Formatter<'_>) -> ::core::fmt::Result {
            ::core::fmt::Display::fmt(&self.0, f)
        }
    }

    #[automatically_derived]
    impl anywire::Wire for Tag {
        fn encode(&self, to: &mut anywire::Writer) {
            anywire::Wire::encode(&self.0, to);
        }

        fn decode(from: &mut anywire::Reader<'_>) -> Result<Self, anywire::DecodeError> {
            anywire::Wire::decode(from).map(Self)
        }

        fn check(&self, violations: &mut anywire::Violations) {
            violations.len(&self.0, 1..=8);
        }
    }

    #[automatically_derived]
    impl anywire::MapKey for Tag {
        fn write_key(&self, to: &mut String) {
            anywire::MapKey::write_key(&self.0, to);
        }

        fn read_key(text: &str) -> Option<Self> {
            anywire::MapKey::read_key(text).map(Self)
        }
    }

    /// Defined at `contracts/checks.rs:29`.
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

    /// Defined at `contracts/checks.rs:31`.
    #[derive(Clone, Debug, PartialEq, Eq, Hash)]
    pub struct Address {
        /// Defined at `contracts/checks.rs:33`.
        pub street: String,
        /// Defined at `contracts/checks.rs:34`.
        pub city: String,
    }

    impl Address {
        /// A value of its fields.
        #[must_use]
        pub fn new(
            street: impl ::core::convert::Into<String>,
            city: impl ::core::convert::Into<String>,
        ) -> Self {
            Self {
                street: street.into(),
                city: city.into(),
            }
        }
    }

    #[automatically_derived]
    impl anywire::Wire for Address {
        fn encode(&self, to: &mut anywire::Writer) {
            to.begin_object();
            to.field("street", &self.street);
            to.field("city", &self.city);
            to.end_object();
        }

        fn decode(from: &mut anywire::Reader<'_>) -> Result<Self, anywire::DecodeError> {
            const FIELDS: &[&str] = &["street", "city"];
            let mut street = None;
            let mut city = None;
            let mut object = from.object(FIELDS)?;
            while let Some(field) = object.next()? {
                match field {
                    0 => object.read(&mut street)?,
                    1 => object.read(&mut city)?,
                    _ => object.skip()?,
                }
            }
            Ok(Self {
                street: object.required(0, street)?,
                city: object.required(1, city)?,
            })
        }

        fn check(&self, violations: &mut anywire::Violations) {
            violations.enter("street");
            violations.len(&self.street, 1..);
            violations.leave();
        }
    }

    /// Defined at `contracts/checks.rs:37`.
    #[derive(Clone, Debug, PartialEq, Eq, Hash)]
    pub enum Contact {
        /// Defined at `contracts/checks.rs:38`.
        Phone {
            /// Defined at `contracts/checks.rs:40`.
            number: String,
            /// Defined at `contracts/checks.rs:41`.
            note: String,
        },
        /// Defined at `contracts/checks.rs:43`.
        None {},
    }

    #[automatically_derived]
    impl anywire::Wire for Contact {
        fn encode(&self, to: &mut anywire::Writer) {
            match self {
                Self::Phone { number, note } => {
                    to.begin_object();
                    to.tag("type", "phone");
                    to.field("number", number);
                    to.field("note", note);
                    to.end_object();
                }
                Self::None {} => {
                    to.begin_object();
                    to.tag("type", "none");
                    to.end_object();
                }
            }
        }

        fn decode(from: &mut anywire::Reader<'_>) -> Result<Self, anywire::DecodeError> {
            const TAGS: &[&str] = &["phone", "none"];
            match from.tag("type", TAGS)? {
                Some(0) => {
                    const FIELDS: &[&str] = &["number", "note"];
                    let mut number = None;
                    let mut note = None;
                    let mut object = from.object(FIELDS)?;
                    while let Some(field) = object.next()? {
                        match field {
                            0 => object.read(&mut number)?,
                            1 => object.read(&mut note)?,
                            _ => object.skip()?,
                        }
                    }
                    Ok(Self::Phone {
                        number: object.required(0, number)?,
                        note: object.required(1, note)?,
                    })
                }
                Some(1) => {
                    from.object(&[])?.pass()?;
                    Ok(Self::None {})
                }
                _ => Err(anywire::Reader::unknown_tag("type", TAGS)),
            }
        }

        fn check(&self, violations: &mut anywire::Violations) {
            match self {
                Self::Phone { number, .. } => {
                    static NUMBER: anywire::Pattern = anywire::Pattern::new("^[0-9]+$");
                    violations.enter("number");
                    violations.pattern(number, &NUMBER);
                    violations.leave();
                }
                _ => {}
            }
        }
    }

    /// Handles the messages of `Accounts`.
    ///
    /// Defined at `contracts/checks.rs:47`.
    pub trait Accounts: ::core::marker::Send + ::core::marker::Sync + 'static {
        /// Handles `sign_up`.
        ///
        /// Defined at `contracts/checks.rs:49`.
        fn sign_up(
            &self,
            cx: &anywire::Context,
            form: SignUp,
        ) -> impl ::core::future::Future<
            Output = Result<(), anywire::Failure>,
        > + ::core::marker::Send;

        /// Handles `sum`.
        ///
        /// Defined at `contracts/checks.rs:51`.
        fn sum(
            &self,
            cx: &anywire::Context,
            numbers: Vec<i32>,
        ) -> impl ::core::future::Future<
            Output = Result<i64, anywire::Failure>,
        > + ::core::marker::Send;
    }

    /// Serves [`Accounts`] by a handler.
    pub struct AccountsServer<H> {
        handler: ::std::sync::Arc<H>,
    }

    impl<H: Accounts> AccountsServer<H> {
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
                "Accounts",
                routes,
                anywire::BoxService::new(self),
                listener,
            )
        }
    }

    #[automatically_derived]
    impl<H> ::core::clone::Clone for AccountsServer<H> {
        fn clone(&self) -> Self {
            Self {
                handler: ::std::sync::Arc::clone(&self.handler),
            }
        }
    }

    #[automatically_derived]
    impl<H> ::core::fmt::Debug for AccountsServer<H> {
        fn fmt(&self, f: &mut ::core::fmt::Formatter<'_>) -> ::core::fmt::Result {
            f.debug_struct("AccountsServer").finish_non_exhaustive()
        }
    }

    #[automatically_derived]
    impl<H, P> anywire::CarriedBy<P> for AccountsServer<H>
    where
        P: anywire::RequestReply<op::SignUp>,
        P: anywire::RequestReply<op::Sum>,
    {}

    #[automatically_derived]
    impl<H: Accounts> anywire::Dispatch for AccountsServer<H> {
        const OPERATIONS: &'static [&'static anywire::Meta] = &[
            <op::SignUp as anywire::Operation>::META,
            <op::Sum as anywire::Operation>::META,
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
                        match anywire::open::<op::SignUp>(request) {
                            Ok((cx, request)) => {
                                let result = Accounts::sign_up(&*handler, &cx, request)
                                    .await;
                                anywire::respond::<op::SignUp>(result)
                            }
                            Err(reply) => reply,
                        }
                    })
                }
                1 => {
                    Box::pin(async move {
                        match anywire::open::<op::Sum>(request) {
                            Ok((cx, request)) => {
                                let result = Accounts::sum(&*handler, &cx, request).await;
                                anywire::respond::<op::Sum>(result)
                            }
                            Err(reply) => reply,
                        }
                    })
                }
                _ => anywire::no_handler(),
            }
        }
    }

    /// Calls [`Accounts`] over a transport.
    pub struct AccountsClient<T = anywire::AnyTransport> {
        channel: anywire::Channel<T>,
    }

    impl<T: anywire::Transport> AccountsClient<T> {
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

        /// Calls `sign_up`.
        ///
        /// Defined at `contracts/checks.rs:49`.
        pub fn sign_up(&self, form: SignUp) -> anywire::Call<op::SignUp>
        where
            T: anywire::RequestReply<op::SignUp>,
        {
            self.channel.call(form)
        }

        /// Calls `sum`.
        ///
        /// Defined at `contracts/checks.rs:51`.
        pub fn sum(&self, numbers: Vec<i32>) -> anywire::Call<op::Sum>
        where
            T: anywire::RequestReply<op::Sum>,
        {
            self.channel.call(numbers)
        }
    }

    #[automatically_derived]
    impl<T> ::core::clone::Clone for AccountsClient<T> {
        fn clone(&self) -> Self {
            Self {
                channel: ::core::clone::Clone::clone(&self.channel),
            }
        }
    }

    #[automatically_derived]
    impl<T> ::core::fmt::Debug for AccountsClient<T> {
        fn fmt(&self, f: &mut ::core::fmt::Formatter<'_>) -> ::core::fmt::Result {
            f.debug_struct("AccountsClient").field("channel", &self.channel).finish()
        }
    }

    #[automatically_derived]
    impl anywire::Operation for op::SignUp {
        type Request = SignUp;
        type Response = ();
        type Error = ::core::convert::Infallible;

        const META: &'static anywire::Meta = &anywire::Meta {
            package: "golden.checks.v1",
            service: "Accounts",
            name: "signUp",
            kind: anywire::OperationKind::Message,
            pattern: "\"accounts.sign_up\"",
            route: "accounts.sign_up",
            timeout: anywire::DEFAULT_TIMEOUT,
            idempotent: false,
            delivery: anywire::Delivery::AtMostOnce,
        };
    }

    #[automatically_derived]
    impl anywire::Operation for op::Sum {
        type Request = Vec<i32>;
        type Response = i64;
        type Error = ::core::convert::Infallible;

        const META: &'static anywire::Meta = &anywire::Meta {
            package: "golden.checks.v1",
            service: "Accounts",
            name: "sum",
            kind: anywire::OperationKind::Message,
            pattern: "\"accounts.sum\"",
            route: "accounts.sum",
            timeout: anywire::DEFAULT_TIMEOUT,
            idempotent: false,
            delivery: anywire::Delivery::AtMostOnce,
        };

        fn check(request: &Vec<i32>, violations: &mut anywire::Violations) {
            violations.len(request, 1..=3);
        }
    }

    /// A type for each message, which stands for it where types are compared.
    pub mod op {
        use super::anywire::prelude::*;

        /// The message [`Accounts::sign_up`](super::Accounts::sign_up).
        #[derive(Clone, Copy, Debug)]
        pub struct SignUp;

        /// The message [`Accounts::sum`](super::Accounts::sum).
        #[derive(Clone, Copy, Debug)]
        pub struct Sum;
    }
}
