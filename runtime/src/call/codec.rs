//! The values of a call in the encoding of its transport.

use bytes::Bytes;

use crate::{
    ContractError as _, DecodeError, EncodeError, Encoding, Operation, RpcException, json,
};

/// The encoding of a call over a transport that wants this one: JSON where the
/// contract has no numbers for protobuf.
pub(super) fn encoding<Op: Operation>(wanted: Encoding) -> Encoding {
    match Op::PROTO {
        Some(_) => wanted,
        None => Encoding::Json,
    }
}

pub(super) fn encode_request<Op: Operation>(
    encoding: Encoding,
    request: &Op::Request,
) -> Result<Bytes, EncodeError> {
    match (encoding, Op::PROTO) {
        (Encoding::Protobuf, Some(proto)) => Ok((proto.encode_request)(request)),
        // The compiler refuses a transport that speaks protobuf alone for a contract without it.
        (Encoding::Json | Encoding::Protobuf, _) => json::encode(request),
    }
}

pub(super) fn decode_response<Op: Operation>(
    encoding: Encoding,
    payload: &[u8],
) -> Result<Op::Response, DecodeError> {
    match (encoding, Op::PROTO) {
        (Encoding::Protobuf, Some(proto)) => (proto.decode_response)(payload),
        // Nest answers without a value when a handler returns nothing.
        _ if payload.is_empty() => json::decode(b"null"),
        _ => json::decode(payload),
    }
}

/// The declared error with this code, if there is one and its details decode.
pub(super) fn decode_error<Op: Operation>(
    code: &str,
    exception: &RpcException,
) -> Option<Op::Error> {
    let found = match (exception.proto_details(), Op::PROTO) {
        (Some(details), Some(proto)) => (proto.decode_error)(code, &details.message),
        _ => {
            let details = exception.details();
            let mut details = json::Reader::new(details.as_bytes());
            Op::Error::decode_details(code, &mut details)
        }
    };
    found.ok().flatten()
}
