//! Between our errors and gRPC's status.
//!
//! `grpc-status-details-bin` holds a `google.rpc.Status` with
//!
//! | detail | what it is |
//! |---|---|
//! | `google.rpc.ErrorInfo` | the error's code as `reason`, its type as `domain` |
//! | `acme.users.v1.UserError.NotFound` | the fields of a declared error, as the exported .proto has them |
//! | `google.protobuf.StringValue` | all of the error as JSON, so that an anywire peer gets it unchanged |

use std::error::Error as _;

use bytes::Bytes;
use prost::Message as _;
use prost_types::Any;
use tonic::{Code, Status};

use crate::{Kind, ProtoDetails, Reply, RpcException, TransportError};

/// More than this many bytes of details would not pass the limits that peers
/// have for headers: 4 KiB. Then what is least needed is left out.
const MAX_DETAILS: usize = 4096;

const ERROR_INFO: &str = "type.googleapis.com/google.rpc.ErrorInfo";
const STRING_VALUE: &str = "type.googleapis.com/google.protobuf.StringValue";

/// `google.rpc.Status`.
#[derive(Clone, PartialEq, prost::Message)]
struct RpcStatus {
    #[prost(int32, tag = "1")]
    code: i32,
    #[prost(string, tag = "2")]
    message: String,
    #[prost(message, repeated, tag = "3")]
    details: Vec<Any>,
}

/// `google.rpc.ErrorInfo`, without its metadata.
#[derive(Clone, PartialEq, prost::Message)]
struct ErrorInfo {
    #[prost(string, tag = "1")]
    reason: String,
    #[prost(string, tag = "2")]
    domain: String,
}

/// `google.protobuf.StringValue`.
#[derive(Clone, PartialEq, prost::Message)]
struct StringValue {
    #[prost(string, tag = "1")]
    value: String,
}

/// The status of a reply that is no value.
pub(super) fn to_status(reply: Reply) -> Status {
    match reply {
        Reply::Error { exception, .. } => of_exception(&exception),
        Reply::Refused(TransportError::NoHandler) => {
            Status::unimplemented("there is no handler for this operation")
        }
        Reply::Refused(error) => Status::new(code_of(error.kind()), error.to_string()),
        Reply::Value(_) | Reply::Values(_) => Status::internal("a reply in the place of an error"),
    }
}

fn of_exception(exception: &RpcException) -> Status {
    // As in Nest, whatever says nothing of a status is unknown.
    let code = match exception.status() {
        Some(_) => code_of(exception.kind()),
        None => Code::Unknown,
    };
    let mut details = Vec::new();
    if let Some(reason) = exception.code() {
        let info = ErrorInfo {
            reason: reason.to_owned(),
            domain: exception.type_name().unwrap_or_default(),
        };
        details.push(any(ERROR_INFO.to_owned(), info.encode_to_vec()));
    }
    if let Some(proto) = exception.proto_details() {
        let name = format!("type.googleapis.com/{}", proto.name);
        details.push(any(name, proto.message.to_vec()));
    }
    let json = StringValue {
        value: exception.to_json().to_owned(),
    };
    details.push(any(STRING_VALUE.to_owned(), json.encode_to_vec()));
    let mut status = RpcStatus {
        code: code as i32,
        message: exception.message().to_owned(),
        details,
    };
    while status.encoded_len() > MAX_DETAILS {
        if status.details.pop().is_none() {
            // Nothing is left but a long text, which need not be said twice.
            return Status::new(code, exception.message());
        }
    }
    Status::with_details(code, exception.message(), status.encode_to_vec().into())
}

fn any(type_url: String, value: Vec<u8>) -> Any {
    Any { type_url, value }
}

fn code_of(kind: Kind) -> Code {
    Code::from_i32(kind.grpc().into())
}

fn kind_of(code: Code) -> Kind {
    let is_of = |kind: &&Kind| i32::from(kind.grpc()) == code as i32;
    Kind::ALL
        .iter()
        .find(is_of)
        .copied()
        .unwrap_or(Kind::Internal)
}

/// What a status means for the caller.
pub(super) fn from_status(status: &Status) -> Reply {
    // What tonic's servers say when the time in `grpc-timeout` is over.
    if status.code() == Code::Cancelled && status.message() == "Timeout expired" {
        return Reply::Refused(TransportError::TimedOut);
    }
    if let Some(source) = status.source() {
        // The status is of our own side: the peer has said none.
        let refused = source.downcast_ref::<TransportError>().cloned();
        return Reply::Refused(refused.unwrap_or(match status.code() {
            // REFUSED_STREAM, and nothing was done.
            Code::Unavailable => TransportError::Overloaded("the peer takes no more calls for now"),
            _ => TransportError::Closed,
        }));
    }
    let details = RpcStatus::decode(status.details()).unwrap_or_default();
    if details.details.is_empty() {
        match status.code() {
            Code::Unimplemented => return Reply::Refused(TransportError::NoHandler),
            Code::DeadlineExceeded => return Reply::Refused(TransportError::TimedOut),
            Code::Cancelled => return Reply::Refused(TransportError::Closed),
            _ => {}
        }
    }
    let exception = exception(status, details.details);
    Reply::Error {
        retryable: exception.is_retryable(),
        exception,
    }
}

fn exception(status: &Status, details: Vec<Any>) -> RpcException {
    let (mut info, mut json, mut proto) = (ErrorInfo::default(), None, None);
    for Any { type_url, value } in details {
        match &*type_url {
            ERROR_INFO => info = ErrorInfo::decode(&*value).unwrap_or_default(),
            STRING_VALUE => json = StringValue::decode(&*value).ok(),
            name => {
                proto = Some(ProtoDetails {
                    name: name.rsplit('/').next().unwrap_or(name).to_owned(),
                    message: Bytes::from(value),
                });
            }
        }
    }
    let exception = match json {
        Some(json) => RpcException::from_wire(json.value.as_bytes()),
        None => RpcException::of_grpc(
            kind_of(status.code()),
            status.message(),
            &info.reason,
            &info.domain,
        ),
    };
    match proto {
        Some(proto) => exception.with_proto(proto),
        None => exception,
    }
}
