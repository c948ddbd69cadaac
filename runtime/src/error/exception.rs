//! Errors as Nest puts them on the wire.

use std::fmt;

use serde_json::{Value, json};

use super::{ContractError, Kind};
use crate::{ProtoDetails, check::Violation, json::Writer};

/// An error as it stands on Nest's wire: any JSON value, usually with `status` and `message`.
///
/// A handler that returns one has it sent unchanged, as Nest does. A caller
/// gets one for every error that its contract does not declare.
///
/// ```
/// use anywire::RpcException;
///
/// let teapot = RpcException::new("I am a teapot").with_status(418);
/// assert_eq!(teapot.to_json(), r#"{"status":418,"message":"I am a teapot"}"#);
/// ```
#[derive(Clone, PartialEq, Eq)]
pub struct RpcException {
    // The text is kept besides what was read from it, so that it passes unchanged.
    json: Box<str>,
    message: Box<str>,
    status: Option<u16>,
    code: Option<Box<str>>,
    // The details once more, where the encoding is protobuf.
    proto: Option<Box<ProtoDetails>>,
}

impl RpcException {
    /// What Nest makes of `new RpcException('text')`: `{"status":"error","message":"text"}`.
    #[must_use]
    pub fn new(message: impl Into<String>) -> Self {
        Self::from_value(&json!({ "status": "error", "message": message.into() }))
    }

    /// The same with a numeric status, which gateways map to HTTP.
    #[must_use]
    pub fn with_status(self, status: u16) -> Self {
        let mut to = Writer::new();
        to.begin_object();
        to.field("status", &status);
        to.tag("message", &self.message);
        if let Some(code) = &self.code {
            to.tag("code", code);
        }
        to.end_object();
        Self {
            status: Some(status),
            ..Self::from_writer(to)
        }
    }

    /// Any JSON value, sent as it is.
    #[must_use]
    pub fn from_value(value: &Value) -> Self {
        // `Value` sorts its keys; Nest writes the status first.
        let text = match value {
            Value::Object(map) => {
                let mut to = Writer::new();
                to.begin_object();
                let first = ["status", "message", "code"];
                let rest = map
                    .keys()
                    .map(String::as_str)
                    .filter(|key| !first.contains(key));
                for key in first.into_iter().chain(rest) {
                    if let Some(value) = map.get(key) {
                        to.raw_field(key, value.to_string().as_bytes());
                    }
                }
                to.end_object();
                to.into_text()
            }
            other => other.to_string(),
        };
        Self::read(text.into(), value)
    }

    /// The error as a peer sent it. What is not JSON is kept as text.
    #[cfg(feature = "_nest")]
    pub(crate) fn from_wire(json: &[u8]) -> Self {
        let text = String::from_utf8_lossy(json);
        match serde_json::from_str(&text) {
            Ok(value) => Self::read(text.into(), &value),
            Err(_) => Self::from_value(&Value::String(text.into_owned())),
        }
    }

    /// A declared error: `status`, `message`, `code`, `type` and `details`.
    pub(crate) fn from_contract<E: ContractError>(error: &E) -> Self {
        let mut to = Self::declared(error.kind(), &error.to_string(), error.code(), E::TYPE);
        to.key("details");
        error.encode_details(&mut to);
        to.end_object();
        Self::from_writer(to)
    }

    /// An error that the runtime raises: `status`, `message` and `code`.
    pub(crate) fn of_kind(kind: Kind, message: &str) -> Self {
        let mut to = Self::declared(kind, message, kind.code(), "");
        to.end_object();
        Self::from_writer(to)
    }

    /// Input that does not satisfy the contract, with all its violations.
    pub(crate) fn invalid(message: &str, violations: &[Violation]) -> Self {
        let mut to = Self::declared(Kind::Invalid, message, Kind::Invalid.code(), "");
        to.key("details");
        to.begin_object();
        to.key("violations");
        to.begin_array();
        for violation in violations {
            to.next_item();
            to.begin_object();
            to.tag("pointer", &violation.pointer);
            to.tag("message", &violation.message);
            to.end_object();
        }
        to.end_array();
        to.end_object();
        to.end_object();
        Self::from_writer(to)
    }

    /// Exactly what Nest answers when a handler throws something undeclared.
    pub(crate) fn internal() -> Self {
        Self::new("Internal server error")
    }

    /// The JSON that is or was on the wire.
    #[must_use]
    pub fn to_json(&self) -> &str {
        &self.json
    }

    /// The message: the `message` member if it is text, a bare text itself, else all of the JSON.
    #[must_use]
    pub fn message(&self) -> &str {
        &self.message
    }

    /// The `status` or `statusCode` member, if it is a number.
    #[must_use]
    pub fn status(&self) -> Option<u16> {
        self.status
    }

    /// The `code` member, if it is text.
    #[must_use]
    pub fn code(&self) -> Option<&str> {
        self.code.as_deref()
    }

    /// The `details` member as JSON; `{}` if there is none.
    pub(crate) fn details(&self) -> String {
        let value: Value = serde_json::from_str(&self.json).unwrap_or_default();
        value
            .get("details")
            .map_or_else(|| "{}".to_owned(), Value::to_string)
    }

    /// The kind, by the status; an error without a numeric status is internal.
    #[must_use]
    pub fn kind(&self) -> Kind {
        self.status.map_or(Kind::Internal, Kind::of_status)
    }

    /// Whether the kind says that trying again can help.
    #[must_use]
    pub fn is_retryable(&self) -> bool {
        self.kind().is_retryable()
    }

    fn declared(kind: Kind, message: &str, code: &str, ty: &str) -> Writer {
        let mut to = Writer::new();
        to.begin_object();
        to.field("status", &kind.status());
        to.tag("message", message);
        to.tag("code", code);
        if !ty.is_empty() {
            to.tag("type", ty);
        }
        to
    }

    fn from_writer(to: Writer) -> Self {
        let text = to.into_text();
        let value = serde_json::from_str(&text).unwrap_or_default();
        Self::read(text.into(), &value)
    }

    fn read(json: Box<str>, value: &Value) -> Self {
        let status = value.get("status").and_then(Value::as_u64);
        let status = status.or_else(|| value.get("statusCode").and_then(Value::as_u64));
        let message = value
            .as_str()
            .or_else(|| value.get("message").and_then(Value::as_str));
        Self {
            message: message.map_or_else(|| json.clone(), Into::into),
            status: status.and_then(|status| u16::try_from(status).ok()),
            code: value.get("code").and_then(Value::as_str).map(Into::into),
            json,
            proto: None,
        }
    }

    /// Adds the details as a protobuf message.
    pub(crate) fn with_proto(mut self, details: ProtoDetails) -> Self {
        self.proto = Some(Box::new(details));
        self
    }

    /// The details as a protobuf message, where they came so or go so.
    #[must_use]
    pub fn proto_details(&self) -> Option<&ProtoDetails> {
        self.proto.as_deref()
    }
}

impl fmt::Debug for RpcException {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("RpcException").field(&self.json).finish()
    }
}

impl fmt::Display for RpcException {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.message)
    }
}

impl std::error::Error for RpcException {}
