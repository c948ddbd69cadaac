//! Operations: payloads and keys.

use super::operations_of;
use crate::diag::Diagnostics;
use crate::model::{Contract, Delivery, File, Operation, Scalar, Type, TypeRef};
use crate::rules;
use crate::similar::similar;
use crate::types::show;

pub(super) fn check(cx: &mut Diagnostics, contract: &Contract, file: &File) {
    for operation in operations_of(file) {
        check_payload(cx, operation);
        check_key(cx, contract, operation);
    }
}

/// A bare payload is all there is, and always there.
fn check_payload(cx: &mut Diagnostics, operation: &Operation) {
    let mut payloads = operation
        .args
        .iter()
        .filter_map(|arg| Some((arg, arg.payload?)));
    let Some((arg, span)) = payloads.next() else {
        return;
    };
    // What is wrong beside a stream is reported there.
    if operation.upstream().is_some() {
        return;
    }
    if operation.args.len() > 1 {
        let message = format!(
            "`{}` has a `#[payload]` beside other arguments",
            operation.name.rust
        );
        cx.error(&rules::PAYLOAD_ARGUMENT, span, message)
            .help("remove `#[payload]`: the arguments form an object; or keep one argument");
    } else if matches!(arg.ty.kind, TypeRef::Option(_)) {
        cx.error(
            &rules::PAYLOAD_ARGUMENT,
            arg.ty.span,
            "a payload cannot be optional",
        )
        .note("Nest refuses to send a message without data")
        .help("remove `#[payload]`: then the argument is a key of an object and may be left out");
    }
}

/// `key = user_id` orders the events of one user.
fn check_key(cx: &mut Diagnostics, contract: &Contract, operation: &Operation) {
    let Some(key) = &operation.key else { return };
    let name = &operation.name.rust;
    if operation.delivery == Delivery::AtMostOnce {
        cx.error(
            &rules::KEY_DELIVERY,
            key.span,
            format!("`key` of `{name}` needs `delivery = at_least_once`"),
        )
        .note("what may be lost has no order")
        .help("write `delivery = at_least_once`, or remove `key`");
    }
    let Some(arg) = operation.args.iter().find(|arg| arg.name.rust == key.value) else {
        let message = format!(
            "`key = {}`: `{name}` has no argument `{}`",
            key.value, key.value
        );
        let names = || operation.args.iter().map(|arg| &*arg.name.rust);
        let help = match similar(&key.value, names()) {
            Some(near) => format!("an argument with a similar name exists: `{near}`"),
            None if operation.args.is_empty() => "add the argument, or remove `key`".to_owned(),
            None => {
                let all: Vec<String> = names().map(|name| format!("`{name}`")).collect();
                format!("the arguments are {}", all.join(", "))
            }
        };
        cx.error(&rules::KEY_ARGUMENT, key.span, message).help(help);
        return;
    };
    if !can_be_key(contract, &arg.ty) {
        let message = format!(
            "`key = {}`: a `{}` cannot be a key",
            key.value,
            show(&arg.ty)
        );
        cx.error(&rules::KEY_ARGUMENT, key.span, message)
            .help("a key is a string, an integer, a bool, an id, a time, or a newtype of one");
    }
}

/// Scalars with one exact text.
fn can_be_key(contract: &Contract, ty: &Type) -> bool {
    let Some(ty) = contract.on_the_wire(ty) else {
        return true;
    };
    match &ty.kind {
        TypeRef::Scalar(scalar) => !matches!(
            scalar,
            Scalar::Json | Scalar::Bytes | Scalar::F32 | Scalar::F64
        ),
        _ => false,
    }
}
