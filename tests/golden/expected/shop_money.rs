// @generated from contracts/shop/money.rs by anywire-contracts 0.1.0. Do not edit.

/// The contracts in the folder `shop`.
pub mod shop {
    /// Money, in a folder.
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
    pub mod money {
        use super::super::__anywire::__for_contracts_0_1_0 as anywire;
        use self::anywire::prelude::*;

        /// Defined at `contracts/shop/money.rs:4`.
        #[derive(Clone, Debug, PartialEq)]
        pub struct Money {
            /// Defined at `contracts/shop/money.rs:6`.
            #[deprecated(since = "1.2.0", note = "use `minor`")]
            pub amount: Option<f64>,
            /// Defined at `contracts/shop/money.rs:7`.
            pub minor: i64,
            /// Defined at `contracts/shop/money.rs:8`.
            pub currency: String,
        }

        impl Money {
            /// A value of its required fields; the others are empty or have their defaults.
            #[must_use]
            pub fn new(
                minor: i64,
                currency: impl ::core::convert::Into<String>,
            ) -> Self {
                Self {
                    amount: None,
                    minor,
                    currency: currency.into(),
                }
            }
        }

        #[automatically_derived]
        impl anywire::Wire for Money {
            fn encode(&self, to: &mut anywire::Writer) {
                to.begin_object();
                to.optional("amount", &self.amount);
                to.field("minor", &self.minor);
                to.field("currency", &self.currency);
                to.end_object();
            }

            fn decode(
                from: &mut anywire::Reader<'_>,
            ) -> Result<Self, anywire::DecodeError> {
                const FIELDS: &[&str] = &["amount", "minor", "currency"];
                let mut amount = None;
                let mut minor = None;
                let mut currency = None;
                let mut object = from.object(FIELDS);
                while let Some(field) = object.next_field() {
                    match field {
                        0 => object.read_optional(&mut amount),
                        1 => object.read(&mut minor),
                        2 => object.read(&mut currency),
                        _ => object.skip(),
                    }
                }
                let (true, Some(minor), Some(currency)) = (
                    object.is_sound(),
                    minor,
                    currency,
                ) else {
                    return Err(object.failure(&[1, 2]));
                };
                Ok(Self { amount, minor, currency })
            }
        }

        /// Handles the messages of `Bank`.
        ///
        /// Defined at `contracts/shop/money.rs:12`.
        pub trait Bank: ::core::marker::Send + ::core::marker::Sync + 'static {
            /// Handles `pay`.
            ///
            /// Defined at `contracts/shop/money.rs:15`.
            #[deprecated]
            fn pay(
                &self,
                cx: &anywire::Context,
                request: PayRequest,
            ) -> impl ::core::future::Future<
                Output = Result<(), anywire::Failure>,
            > + ::core::marker::Send;
        }

        /// Serves [`Bank`] by a handler.
        pub struct BankServer<H> {
            handler: ::std::sync::Arc<H>,
            service: anywire::AsService<Self>,
        }

        impl<H> BankServer<H> {
            /// A server that calls this handler. Clones share it, each for a transport of its own.
            #[must_use]
            pub fn new(handler: H) -> Self
            where
                H: Bank,
            {
                Self::from_arc(::std::sync::Arc::new(handler))
            }

            /// The same for a handler that is shared already, as by one that takes events as well.
            #[must_use]
            pub fn from_arc(handler: ::std::sync::Arc<H>) -> Self
            where
                H: Bank,
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
                self.service.bind("Bank", self, None, listener)
            }
        }

        #[automatically_derived]
        impl<H> ::core::clone::Clone for BankServer<H> {
            fn clone(&self) -> Self {
                Self {
                    handler: ::std::sync::Arc::clone(&self.handler),
                    service: self.service,
                }
            }
        }

        #[automatically_derived]
        impl<H> ::core::fmt::Debug for BankServer<H> {
            fn fmt(&self, f: &mut ::core::fmt::Formatter<'_>) -> ::core::fmt::Result {
                f.debug_struct("BankServer").finish_non_exhaustive()
            }
        }

        #[automatically_derived]
        impl<H, P> anywire::CarriedBy<P> for BankServer<H>
        where
            P: anywire::RequestReply<op::Pay>,
        {}

        #[automatically_derived]
        impl<H: Bank> anywire::Dispatch for BankServer<H> {
            const OPERATIONS: &'static [&'static anywire::Meta] = &[
                <op::Pay as anywire::Operation>::META,
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
                            match anywire::open::<op::Pay>(request) {
                                Ok((cx, request)) => {
                                    let result = Bank::pay(&*handler, &cx, request).await;
                                    anywire::respond::<op::Pay>(&cx, result)
                                }
                                Err(reply) => reply,
                            }
                        })
                    }
                    _ => anywire::no_handler(),
                }
            }
        }

        /// Calls [`Bank`] over a transport.
        pub struct BankClient<T = anywire::AnyTransport> {
            channel: anywire::Channel<T>,
        }

        impl<T: anywire::Transport> BankClient<T> {
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

            /// Calls `pay`.
            ///
            /// Defined at `contracts/shop/money.rs:15`.
            #[deprecated]
            pub fn pay(&self, money: Money) -> anywire::Call<op::Pay>
            where
                T: anywire::RequestReply<op::Pay>,
            {
                self.channel.call(PayRequest::new(money))
            }
        }

        #[automatically_derived]
        impl<T> ::core::clone::Clone for BankClient<T> {
            fn clone(&self) -> Self {
                Self {
                    channel: ::core::clone::Clone::clone(&self.channel),
                }
            }
        }

        #[automatically_derived]
        impl<T> ::core::fmt::Debug for BankClient<T> {
            fn fmt(&self, f: &mut ::core::fmt::Formatter<'_>) -> ::core::fmt::Result {
                f.debug_struct("BankClient").field("channel", &self.channel).finish()
            }
        }

        /// What [`Bank::pay`] is called with.
        #[derive(Clone, Debug, PartialEq)]
        pub struct PayRequest {
            /// Defined at `contracts/shop/money.rs:15`.
            pub money: Money,
        }

        impl PayRequest {
            /// A value of its fields.
            #[must_use]
            pub fn new(money: Money) -> Self {
                Self { money }
            }
        }

        #[automatically_derived]
        impl anywire::Wire for PayRequest {
            fn encode(&self, to: &mut anywire::Writer) {
                to.begin_object();
                to.field("money", &self.money);
                to.end_object();
            }

            fn decode(
                from: &mut anywire::Reader<'_>,
            ) -> Result<Self, anywire::DecodeError> {
                const FIELDS: &[&str] = &["money"];
                let mut money = None;
                let mut object = from.object(FIELDS);
                while let Some(field) = object.next_field() {
                    match field {
                        0 => object.read(&mut money),
                        _ => object.skip(),
                    }
                }
                let (true, Some(money)) = (object.is_sound(), money) else {
                    return Err(object.failure(&[0]));
                };
                Ok(Self { money })
            }
        }

        #[automatically_derived]
        impl anywire::Operation for op::Pay {
            type Request = PayRequest;
            type Response = ();
            type Error = ::core::convert::Infallible;

            const META: &'static anywire::Meta = &anywire::Meta {
                package: "golden.shop.money.v1",
                service: "Bank",
                name: "pay",
                kind: anywire::OperationKind::Message,
                streams: anywire::Streams::Neither,
                pattern: "\"bank.pay\"",
                route: "bank.pay",
                topic: Some("bank.pay"),
                grpc: None,
                timeout: anywire::DEFAULT_TIMEOUT,
                idempotent: false,
                request_is_text: false,
                response_is_text: false,
                delivery: anywire::Delivery::AtMostOnce,
                fingerprint: "6929b1d7c40bea0f",
            };
        }

        #[automatically_derived]
        impl anywire::HasTopic for op::Pay {}

        /// A type for each message, which stands for it where types are compared.
        pub mod op {
            use super::anywire::prelude::*;

            /// The message [`Bank::pay`](super::Bank::pay).
            #[derive(Clone, Copy, Debug)]
            pub struct Pay;
        }
    }
}
