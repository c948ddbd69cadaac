//! Between headers and gRPC's metadata.
//!
//! A value of visible ASCII is ASCII metadata of the same name. Any other text
//! is binary metadata, which gRPC sends in base64, of the name with `-bin`.

use http::{HeaderMap, HeaderName, HeaderValue};
use tonic::metadata::{
    AsciiMetadataKey, AsciiMetadataValue, BinaryMetadataKey, BinaryMetadataValue, KeyAndValueRef,
    MetadataMap,
};

use crate::{Headers, TransportError};

/// What gRPC itself and we put there.
const RESERVED: [&str; 4] = ["content-type", "te", "user-agent", "date"];

/// What is of a connection and not of a call. HTTP/2 has no place for it (RFC
/// 9113, section 8.2.2).
const OF_CONNECTIONS: [&str; 5] = [
    "connection",
    "keep-alive",
    "proxy-connection",
    "transfer-encoding",
    "upgrade",
];

/// The fingerprint of the operation in the contract of who calls it.
static FINGERPRINT: HeaderName = HeaderName::from_static("anywire-fingerprint");

/// What a caller says of its contract.
pub(super) fn fingerprint(headers: &HeaderMap) -> Option<&str> {
    headers.get(&FINGERPRINT)?.to_str().ok()
}

/// The metadata of a call that says this fingerprint, if any.
pub(super) fn to_metadata(
    fingerprint: Option<&'static str>,
    headers: &Headers,
) -> Result<MetadataMap, TransportError> {
    let mut map = HeaderMap::new();
    if let Some(fingerprint) = fingerprint {
        let fingerprint = HeaderValue::from_static(fingerprint);
        map.insert(FINGERPRINT.clone(), fingerprint);
    }
    let mut map = MetadataMap::from_headers(map);
    for (name, value) in headers.iter() {
        let refused = || {
            TransportError::NotCarried(format!(
                "gRPC has no place for the header {name:?}: names are of `a-z 0-9 - _ .`"
            ))
        };
        let name = name.to_ascii_lowercase();
        if OF_CONNECTIONS.contains(&&*name) {
            continue;
        }
        if value.bytes().all(|byte| (0x20..0x7f).contains(&byte)) {
            let key: AsciiMetadataKey = name.parse().map_err(|_| refused())?;
            let value: AsciiMetadataValue = value.parse().map_err(|_| refused())?;
            map.insert(key, value);
        } else {
            let key: BinaryMetadataKey = format!("{name}-bin").parse().map_err(|_| refused())?;
            map.insert_bin(key, BinaryMetadataValue::from_bytes(value.as_bytes()));
        }
    }
    Ok(map)
}

/// The headers that a handler sees. Binary metadata that is no text is left out.
pub(super) fn from_metadata(map: &MetadataMap) -> Headers {
    let mut headers = Headers::new();
    for entry in map.iter().take(Headers::MAX) {
        match entry {
            KeyAndValueRef::Ascii(key, value) => {
                let name = key.as_str();
                if !RESERVED.contains(&name)
                    && name != FINGERPRINT.as_str()
                    && !name.starts_with("grpc-")
                    && let Ok(value) = value.to_str()
                {
                    headers.set(name.to_owned(), value);
                }
            }
            KeyAndValueRef::Binary(key, value) => {
                let name = key.as_str().trim_end_matches("-bin");
                let text = value.to_bytes().ok().map(Vec::from);
                if let Some(Ok(value)) = text.map(String::from_utf8)
                    && !name.starts_with("grpc-")
                {
                    headers.set(name.to_owned(), value);
                }
            }
        }
    }
    headers
}
