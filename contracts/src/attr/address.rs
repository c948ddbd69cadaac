//! Names that one transport calls an operation by: `topic = ".."`, `grpc = ".."`.

use proc_macro2::Span;

use super::value::text;
use crate::diag::Diagnostics;
use crate::model::{GrpcMethod, Spanned};
use crate::parse::cursor::Cursor;
use crate::pattern::is_topic;
use crate::rules;

/// `topic = "users.created"`
pub(super) fn topic(cx: &mut Diagnostics, value: &Cursor, key: Span) -> Option<Spanned<String>> {
    let topic = text(value).filter(|text| is_topic(&text.value));
    if topic.is_none() {
        let (span, written) = written(value, key);
        cx.error(&rules::BAD_TOPIC, span, format!("{written} is not a topic"))
            .help("a topic is up to 249 of `A-Z`, `a-z`, `0-9`, `.`, `_` and `-`, and neither `.` nor `..`");
    }
    topic.map(|text| Spanned {
        span: text.span(),
        value: text.value,
    })
}

/// `grpc = "Users/GetUser"`
pub(super) fn grpc(cx: &mut Diagnostics, value: &Cursor, key: Span) -> Option<Spanned<GrpcMethod>> {
    let method = text(value).and_then(|text| {
        let (service, method) = text.value.split_once('/')?;
        let sound = is_identifier(service) && is_identifier(method);
        sound.then(|| Spanned {
            span: text.span(),
            value: GrpcMethod {
                service: service.to_owned(),
                method: method.to_owned(),
            },
        })
    });
    if method.is_none() {
        let (span, written) = written(value, key);
        cx.error(&rules::BAD_GRPC_METHOD, span, format!("{written} is not a method of gRPC"))
            .help("write `grpc = \"Users/GetUser\"`: the names of a service and a method; the package comes before them");
    }
    method
}

fn written(value: &Cursor, key: Span) -> (Span, String) {
    if value.is_empty() {
        (key, "nothing".to_owned())
    } else {
        (value.rest_span(), format!("`{}`", value.text()))
    }
}

fn is_identifier(name: &str) -> bool {
    name.starts_with(|first: char| first.is_ascii_alphabetic())
        && name.chars().all(|c| c.is_ascii_alphanumeric() || c == '_')
}
