//! What each operation is: its request, its marker, its constant facts.

use proc_macro2::{Ident, Literal, TokenStream};
use quote::quote;

use super::checks::Steps;
use super::names::{self, Names};
use super::types::written;
use super::{Scope, checks, docs, proto as protobuf, structs, wire};
use crate::model::{
    Delivery, Field, Newtype, Operation, OperationKind, Pattern, PatternPart, Scalar, Service,
    Type, TypeKind, TypeRef,
};
use crate::{fingerprint, pattern, proto};

/// An operation and the names that stand for it in generated code.
#[derive(Debug)]
pub(super) struct Op<'a> {
    pub(super) operation: &'a Operation,
    /// `get_user`: the method.
    pub(super) method: Ident,
    /// `op::GetUser` or `UserCreated`: the marker.
    pub(super) marker: TokenStream,
}

impl<'a> Op<'a> {
    pub(super) fn new(operation: &'a Operation) -> Self {
        let ident = names::generated(&names::marker(&operation.name.rust));
        let marker = match operation.kind {
            OperationKind::Event => quote!(#ident),
            _ => {
                let module = names::generated(names::MARKERS);
                quote!(#module::#ident)
            }
        };
        Self {
            operation,
            method: names::ident(&operation.name),
            marker,
        }
    }

    pub(super) fn is_event(&self) -> bool {
        self.operation.kind == OperationKind::Event
    }

    /// The one argument that is the whole payload.
    pub(super) fn bare(&self) -> Option<&'a Field> {
        self.operation.bare()
    }

    /// The type that is sent.
    pub(super) fn request(&self) -> TokenStream {
        match self.bare() {
            _ if self.is_event() => self.marker.clone(),
            Some(bare) => payload(bare),
            None => {
                let name = names::generated(&names::request(&self.operation.name.rust));
                quote!(#name)
            }
        }
    }

    /// Whether the caller sends any number of values.
    pub(super) fn sends_stream(&self) -> bool {
        self.operation.upstream().is_some()
    }

    /// Whether the handler answers with any number of values.
    pub(super) fn answers_stream(&self) -> bool {
        self.operation.streams_reply.is_some()
    }

    /// What a transport has to be able to do: one bound, the highest that is needed.
    pub(super) fn capability(&self) -> TokenStream {
        let marker = &self.marker;
        let operation = self.operation;
        match (operation.kind, operation.delivery, &operation.key) {
            (OperationKind::Message, ..) => {
                let capability = match (self.sends_stream(), self.answers_stream()) {
                    (false, false) => "RequestReply",
                    (false, true) => "StreamsReplies",
                    (true, false) => "StreamsRequests",
                    (true, true) => "StreamsBoth",
                };
                let capability = names::generated(capability);
                quote!(anywire::#capability<#marker>)
            }
            (_, Delivery::AtLeastOnce, Some(_)) => quote!(anywire::KeyOrder<#marker>),
            (_, Delivery::AtLeastOnce, None) => quote!(anywire::AtLeastOnce<#marker>),
            (_, Delivery::AtMostOnce, _) => quote!(anywire::AtMostOnce<#marker>),
        }
    }

    /// `Result<User, Failure<UserError>>`: what a handler returns.
    pub(super) fn outcome(&self, scope: &Scope<'_>) -> TokenStream {
        let returns = written(&self.operation.returns);
        let error = self.declared_error(scope);
        let failure = error.as_ref().map(|error| quote!(<#error>));
        let value = match (self.answers_stream(), error) {
            (false, _) => returns,
            (true, None) => quote!(anywire::Values<#returns>),
            (true, Some(error)) => quote!(anywire::Values<#returns, #error>),
        };
        quote!(Result<#value, anywire::Failure #failure>)
    }

    fn declared_error(&self, scope: &Scope<'_>) -> Option<TokenStream> {
        let error = self.operation.error.as_ref()?;
        let def = scope.types.declared(error)?;
        matches!(def.kind, TypeKind::ErrorEnum(_)).then(|| written(error))
    }
}

/// The type of a bare payload, or of one value of a stream. Text in place of 64-bit integers has a type of its own.
pub(super) fn payload(bare: &Field) -> TokenStream {
    let ty = written(&bare.ty);
    if bare.json_string.is_some() {
        quote!(anywire::Text<#ty>)
    } else {
        ty
    }
}

/// The module of the markers of all messages in the file.
pub(super) fn markers(scope: &Scope<'_>) -> TokenStream {
    let messages: Vec<(&Service, Op<'_>)> = scope
        .file
        .services
        .iter()
        .flat_map(|service| {
            service
                .operations
                .iter()
                .map(move |operation| (service, Op::new(operation)))
        })
        .filter(|(_, op)| !op.is_event())
        .collect();
    if messages.is_empty() {
        return TokenStream::new();
    }
    let markers = messages.iter().map(|(service, op)| {
        let name = names::generated(&names::marker(&op.operation.name.rust));
        let method = format!("{}::{}", service.name.rust, op.operation.name.rust);
        let docs = docs::line(&format!("The message [`{method}`](super::{method})."));
        quote! {
            #docs
            #[derive(Clone, Copy, Debug)]
            pub struct #name;
        }
    });
    let (module, runtime) = (
        names::generated(names::MARKERS),
        names::generated(names::RUNTIME),
    );
    quote! {
        /// A type for each message, which stands for it where types are compared.
        pub mod #module {
            use super::#runtime::prelude::*;

            #(#markers)*
        }
    }
}

/// What is sent, and the operation's facts.
pub(super) fn operation(scope: &Scope<'_>, service: &Service, op: &Op<'_>) -> TokenStream {
    let request = request_type(scope, service, op);
    let (marker, sent) = (&op.marker, op.request());
    let returns = written(&op.operation.returns);
    let error = op
        .declared_error(scope)
        .unwrap_or_else(|| quote!(::core::convert::Infallible));
    let meta = meta(scope, service, op.operation);
    let (key, route) = (key(op), concrete_route(op));
    let topic = topic(op.operation).map(|_| {
        quote! {
            #[automatically_derived]
            impl anywire::HasTopic for #marker {}
        }
    });
    let check = bare_check(scope, op);
    let (codec, has_proto) = (protobuf::codec(scope, op), protobuf::marked(scope, op));
    quote! {
        #request

        #[automatically_derived]
        impl anywire::Operation for #marker {
            type Request = #sent;
            type Response = #returns;
            type Error = #error;

            const META: &'static anywire::Meta = &#meta;

            #codec

            #key

            #route

            #check
        }

        #topic

        #has_proto
    }
}

/// The struct of the arguments, where they are not one bare payload.
fn request_type(scope: &Scope<'_>, service: &Service, op: &Op<'_>) -> TokenStream {
    let (rust, args) = (&op.operation.name.rust, &op.operation.args);
    let docs = if op.is_event() {
        docs::docs(
            scope.file,
            &op.operation.docs,
            &format!("The event `{rust}`."),
            op.operation.name.span,
        )
    } else {
        docs::line(&format!(
            "What [`{}::{rust}`] is called with.",
            service.name.rust
        ))
    };
    match (op.is_event(), op.bare()) {
        (true, Some(bare)) => event_newtype(scope, op, &docs, bare),
        (true, None) => {
            let name = names::generated(&names::marker(rust));
            let deprecated = docs::deprecated(op.operation.deprecated.as_ref());
            structs::object(scope, &name, &quote!(#docs #deprecated), args)
        }
        (false, Some(_)) => TokenStream::new(),
        (false, None) => {
            structs::object(scope, &names::generated(&names::request(rust)), &docs, args)
        }
    }
}

/// An event whose one argument is the payload.
fn event_newtype(scope: &Scope<'_>, op: &Op<'_>, docs: &TokenStream, bare: &Field) -> TokenStream {
    let name = names::generated(&names::marker(&op.operation.name.rust));
    let deprecated = docs::deprecated(op.operation.deprecated.as_ref());
    let derives = structs::event_derives(scope, &bare.ty);
    let field_docs = &bare.docs;
    let ty = written(&bare.ty);
    let newtype = Newtype {
        ty: bare.ty.clone(),
        checks: bare.checks.clone(),
    };
    let wire = structs::transparent(scope, &name, &newtype, bare.json_string.is_some());
    quote! {
        #docs
        #deprecated
        #derives
        pub struct #name(#(#[doc = #field_docs])* pub #ty);

        #wire
    }
}

/// The facts as a literal.
fn meta(scope: &Scope<'_>, service: &Service, operation: &Operation) -> TokenStream {
    let (package, name) = (&scope.file.header.package.value, &operation.name.wire);
    let kind = names::generated(match operation.kind {
        OperationKind::Message => "Message",
        OperationKind::Oneway => "Oneway",
        OperationKind::Event => "Event",
    });
    let (json, route) = (
        pattern::packet_json(&operation.pattern.value),
        pattern::route(&operation.pattern.value),
    );
    let streams = names::generated(match (operation.upstream(), operation.streams_reply) {
        (None, None) => "Neither",
        (None, Some(_)) => "Replies",
        (Some(_), None) => "Requests",
        (Some(_), Some(_)) => "Both",
    });
    let topic = match topic(operation) {
        Some(topic) => quote!(Some(#topic)),
        None => quote!(None),
    };
    let grpc = match scope.file.header.proto {
        Some(_) => {
            let method = proto::names::grpc(service, operation);
            let path = format!("/{package}.{}/{}", method.service, method.method);
            quote!(Some(#path))
        }
        None => quote!(None),
    };
    let service = &service.name.wire;
    let fingerprint = fingerprint::of(scope.types.contract(), scope.file, operation);
    let timeout = match &operation.timeout_ms {
        Some(timeout) => {
            let millis = Literal::u64_unsuffixed(timeout.value);
            quote!(anywire::millis(#millis))
        }
        None if operation.is_stream() => quote!(anywire::NO_TIMEOUT),
        None => quote!(anywire::DEFAULT_TIMEOUT),
    };
    let idempotent = operation.idempotent.is_some();
    let request_is_text = operation
        .bare()
        .is_some_and(|bare| bare.json_string.is_some() || is_text(scope, &bare.ty));
    let response_is_text = is_text(scope, &operation.returns);
    let delivery = names::generated(match operation.delivery {
        Delivery::AtMostOnce => "AtMostOnce",
        Delivery::AtLeastOnce => "AtLeastOnce",
    });
    quote! {
        anywire::Meta {
            package: #package,
            service: #service,
            name: #name,
            kind: anywire::OperationKind::#kind,
            streams: anywire::Streams::#streams,
            pattern: #json,
            route: #route,
            topic: #topic,
            grpc: #grpc,
            timeout: #timeout,
            idempotent: #idempotent,
            request_is_text: #request_is_text,
            response_is_text: #response_is_text,
            delivery: anywire::Delivery::#delivery,
            fingerprint: #fingerprint,
        }
    }
}

/// Whether the JSON of a value is a text, if it is not `null`.
fn is_text(scope: &Scope<'_>, ty: &Type) -> bool {
    match &scope.types.resolve(ty).kind {
        TypeRef::Scalar(scalar) => matches!(
            scalar,
            Scalar::String
                | Scalar::Bytes
                | Scalar::Uuid
                | Scalar::Decimal
                | Scalar::Date
                | Scalar::Timestamp
                | Scalar::Duration
        ),
        TypeRef::Option(inner) | TypeRef::Box(inner) => is_text(scope, inner),
        TypeRef::Named { .. } => match scope.types.declared(ty).map(|def| &def.kind) {
            Some(TypeKind::Newtype(newtype)) => is_text(scope, &newtype.ty),
            Some(TypeKind::UnitEnum(_)) => true,
            _ => false,
        },
        TypeRef::Unit | TypeRef::Vec(_) | TypeRef::Map { .. } => false,
    }
}

/// The Kafka topic: the one that is written, else the route where that is one.
fn topic(operation: &Operation) -> Option<String> {
    if let Some(topic) = &operation.topic {
        return Some(topic.value.clone());
    }
    let pattern = &operation.pattern.value;
    let name = match pattern {
        // What fills a wildcard never has anything that a topic cannot have.
        Pattern::Wildcards(parts) => pattern::with_wildcards(parts, |_| "_".to_owned()),
        pattern => pattern::route(pattern),
    };
    pattern::is_topic(&name).then(|| pattern::route(pattern))
}

/// The route of an event with the values of its wildcards.
fn concrete_route(op: &Op<'_>) -> Option<TokenStream> {
    let Pattern::Wildcards(parts) = &op.operation.pattern.value else {
        return None;
    };
    let format = pattern::with_wildcards(parts, |_| "{}".to_owned());
    let values = parts.iter().filter_map(|part| match part {
        PatternPart::Text(_) => None,
        PatternPart::Argument(name) => Some(member(op, name)),
    });
    let request = op.request();
    Some(quote! {
        fn route(request: &#request) -> Option<String> {
            Some(::std::format!(#format, #(request.#values),*))
        }
    })
}

/// Where an argument stands in the request.
fn member(op: &Op<'_>, name: &str) -> TokenStream {
    let argument = op
        .operation
        .args
        .iter()
        .find(|argument| argument.name.rust == name);
    match (op.bare(), argument) {
        (None, Some(argument)) => {
            let member = names::ident(&argument.name);
            quote!(#member)
        }
        _ => quote!(0),
    }
}

/// The text that orders a keyed event.
fn key(op: &Op<'_>) -> Option<TokenStream> {
    let key = op.operation.key.as_ref()?;
    let request = op.request();
    let member = member(op, &key.value);
    Some(quote! {
        fn key(request: &#request) -> Option<String> {
            Some(::std::string::ToString::to_string(&request.#member))
        }
    })
}

/// The checks that stand on a bare payload's argument and not in its type.
fn bare_check(scope: &Scope<'_>, op: &Op<'_>) -> Option<TokenStream> {
    let bare = op
        .bare()
        .filter(|bare| !op.is_event() && !bare.checks.is_empty())?;
    let request = op.request();
    let value = match bare.json_string {
        Some(_) => checks::Value::Place(quote!(request.0)),
        None => checks::Value::Reference(quote!(request)),
    };
    let pattern = names::generated("PATTERN");
    let Steps { items, statements } =
        checks::of_value(&scope.types, &bare.ty, &bare.checks, value, &pattern);
    Some(quote! {
        fn check(request: &#request, violations: &mut anywire::Violations) {
            #items
            #statements
        }
    })
}

/// The arguments of a call: parameters, and the request made of them.
pub(super) fn arguments(scope: &Scope<'_>, op: &Op<'_>) -> (Vec<TokenStream>, TokenStream) {
    let request = op.request();
    let mut names = Names::variables(scope.file);
    if op.sends_stream()
        && let Some(values) = op.bare()
    {
        let name = names.take(&values.name.rust);
        let ty = quote! {
            impl anywire::Stream<Item = #request> + ::core::marker::Send + 'static
        };
        return (vec![quote!(#name: #ty)], quote!(#name));
    }
    let (mut parameters, mut values) = (Vec::new(), Vec::new());
    for part in wire::parts(scope, &op.operation.args)
        .iter()
        .filter(|part| op.bare().is_some() || !part.is_optional())
    {
        // What is taken here are the parameters' own names: nothing else stands beside them.
        let name = names.take(&part.field.name.rust);
        let (ty, value) = scope.types.parameter(&part.field.ty, &name);
        parameters.push(quote!(#name: #ty));
        values.push((name, value));
    }
    let request = match (op.bare(), &*values) {
        (Some(_), [(_, value)]) if op.is_event() => quote!(#request(#value)),
        (Some(bare), [(_, value)]) if bare.json_string.is_some() => quote!(anywire::Text(#value)),
        (Some(_), [(_, value)]) => value.clone(),
        _ => {
            // `new` converts once more, which costs nothing.
            let names = values.iter().map(|(name, _)| name);
            quote!(#request::new(#(#names),*))
        }
    };
    (parameters, request)
}
