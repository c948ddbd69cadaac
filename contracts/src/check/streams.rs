//! Streams: what can be one, and what goes with it.

use proc_macro2::Span;

use super::operations_of;
use crate::diag::Diagnostics;
use crate::model::{Field, File, Operation, OperationKind, Type, TypeRef};
use crate::rules;
use crate::types::show;

pub(super) fn check(cx: &mut Diagnostics, file: &File) {
    for operation in operations_of(file) {
        if operation.streams_reply.is_some() {
            check_item(cx, &operation.returns);
        }
        let Some((arg, span)) = operation
            .args
            .iter()
            .find_map(|arg| Some((arg, arg.stream?)))
        else {
            continue;
        };
        check_item(cx, &arg.ty);
        check_attributes(cx, arg);
        if check_kind(cx, operation, span) {
            check_alone(cx, operation, span);
            check_options(cx, operation);
        }
    }
}

/// An item is a message of its own, and always there.
fn check_item(cx: &mut Diagnostics, item: &Type) {
    if let TypeRef::Option(inner) = &item.kind {
        let message = format!(
            "`Stream<{}>`: an item of a stream is there or not sent",
            show(item)
        );
        cx.error(&rules::STREAM_ITEM, item.span, message)
            .help(format!(
                "write `Stream<{}>`, or declare a struct that holds the option",
                show(inner)
            ));
    }
}

/// Only a message has somebody who takes all of a stream and answers at its end.
fn check_kind(cx: &mut Diagnostics, operation: &Operation, span: Span) -> bool {
    let name = &operation.name.rust;
    let (what, help) = match operation.kind {
        OperationKind::Message => return true,
        OperationKind::Oneway => (
            "oneway message",
            "remove `oneway`: the service answers when the stream has ended; or send a message an item",
        ),
        OperationKind::Event => ("event", "publish an event an item"),
    };
    cx.error(
        &rules::MISPLACED_STREAM,
        span,
        format!("{what} `{name}` cannot take a stream"),
    )
    .help(help);
    false
}

/// gRPC carries one type of message on a stream, and nothing beside it.
fn check_alone(cx: &mut Diagnostics, operation: &Operation, span: Span) {
    if operation.args.len() > 1 {
        let message = format!(
            "`{}` takes a stream beside other arguments",
            operation.name.rust
        );
        cx.error(&rules::STREAM_ARGUMENT, span, message)
            .note("a stream carries messages of one type and nothing beside them")
            .help("keep the stream alone: put the rest into its items, or into headers");
    }
}

/// A stream that was half sent cannot be sent again.
fn check_options(cx: &mut Diagnostics, operation: &Operation) {
    if let Some(span) = operation.idempotent {
        let message = format!(
            "`{}` takes a stream, so it cannot be `idempotent`",
            operation.name.rust
        );
        cx.error(&rules::MISPLACED_OPTION, span, message)
            .note("the items are sent as they come, and nobody keeps them for another try")
            .help("remove `idempotent`");
    }
}

/// What is said about one value says nothing about many.
fn check_attributes(cx: &mut Diagnostics, arg: &Field) {
    let attributes = [
        (
            "#[payload]",
            arg.payload,
            "remove it: each item is a payload of its own",
        ),
        (
            "#[n]",
            arg.number.as_ref().map(|number| number.span),
            "remove it: a stream is no field; the fields of its items have numbers",
        ),
        (
            "#[default]",
            arg.default.as_ref().map(|default| default.span),
            "remove it: a stream may be empty",
        ),
        (
            "#[check]",
            arg.checks.first().map(|check| check.span),
            "put the checks on the items: on their fields, or on a newtype",
        ),
        (
            "#[json]",
            arg.json_string,
            "declare a struct for the items, with `#[json(string)]` on its field",
        ),
    ];
    for (attribute, span, help) in attributes {
        if let Some(span) = span {
            cx.error(
                &rules::STREAM_ARGUMENT,
                span,
                format!("`{attribute}` does not apply to a stream"),
            )
            .help(help);
        }
    }
}
