//! Every name that protobuf knows a contract by.
//!
//! | Contract | protobuf | Example |
//! |---|---|---|
//! | the file `shop/orders.rs` | a file | `shop/orders.proto` |
//! | a field or argument `user_id` | a field | `user_id` |
//! | `struct User` | a message | `User` |
//! | `enum Role { SuperUser }` | an enum and its values | `Role`, `ROLE_SUPER_USER` |
//! | the same | the value of one that is absent | `ROLE_UNSPECIFIED` |
//! | `enum Payment { Card { .. } }` | a message, one inside it, a field of its `oneof` | `Payment`, `Payment.Card`, `card` |
//! | message `get_user` of `Users` | a method, unless `grpc` names another | `Users/GetUser` |
//! | the same | what it is called with, unless that is a struct | `GetUserRequest` |
//! | the same | what it answers, unless that is a struct or nothing | `GetUserResponse` |
//! | event `user_created` of `Users` | a method, unless it is stored | `Users/UserCreated` |
//! | the same | its message, unless its payload is a struct | `UserCreated` |
//!
//! Names are those of the contract: `rename_all` and `#[name]` are about JSON.
//! So a name that protobuf cannot have is changed without a change in JSON.

use crate::case;
use crate::emit::names::marker;
use crate::model::{GrpcMethod, Operation, RenameRule, Service, Variant};

/// The field in which a bare reply is wrapped.
pub(crate) const REPLY: &str = "value";

/// The file that a contract file becomes, as others import it.
pub(crate) fn file(module: &[String]) -> String {
    module.join("/") + ".proto"
}

/// `userId` is `user_id`.
pub(crate) fn field(name: &str) -> String {
    identifier(case::rename(name, RenameRule::Snake))
}

/// The name of a field in protobuf's own JSON, by its rule. We do not speak it,
/// and its compilers refuse a message in which two are the same.
pub(crate) fn json(field: &str) -> String {
    let mut words = field.split('_');
    let mut name = words.next().unwrap_or_default().to_owned();
    words.for_each(|word| push_capital(&mut name, word));
    name
}

/// `SuperUser` of `Role` is `ROLE_SUPER_USER`: values share the scope of the package.
pub(crate) fn value(of: &str, variant: &str) -> String {
    let screaming = |name| case::rename(name, RenameRule::ScreamingSnake);
    identifier(format!("{}_{}", screaming(of), screaming(variant)))
}

/// `ROLE_UNSPECIFIED`: the zero that protobuf reads where there is nothing.
pub(crate) fn unspecified(of: &str) -> String {
    value(of, "Unspecified")
}

/// The message of a variant, inside its enum's, beside the field of the variant.
pub(crate) fn variant(name: &str) -> String {
    let message = identifier(case::rename(name, RenameRule::Pascal));
    if message == field(name) {
        format!("V{message}")
    } else {
        message
    }
}

/// The `oneof` of an enum with data. Its variants are fields of the same scope.
pub(crate) fn one_of<'a>(variants: impl Iterator<Item = &'a Variant> + Clone) -> String {
    let mut name = "variant".to_owned();
    while variants.clone().any(|one| field(&one.name.rust) == name) {
        name.push('_');
    }
    name
}

/// `get_user` is `GetUser`: a method, or the message of an event.
pub(crate) fn method(operation: &str) -> String {
    marker(operation)
}

/// `Users/GetUser`: how gRPC calls an operation, unless the contract says otherwise.
pub(crate) fn grpc(service: &Service, operation: &Operation) -> GrpcMethod {
    match &operation.grpc {
        Some(written) => written.value.clone(),
        None => GrpcMethod {
            service: service.name.rust.clone(),
            method: method(&operation.name.rust),
        },
    }
}

/// `get_user` is called with a `GetUserRequest`.
pub(crate) fn request(operation: &str) -> String {
    marker(operation) + "Request"
}

/// `get_user` answers a `GetUserResponse`.
pub(crate) fn response(operation: &str) -> String {
    marker(operation) + "Response"
}

/// The message of a map's entries, inside that of its field: protobuf's own rule.
pub(crate) fn entry(field: &str) -> String {
    let mut name = String::new();
    field
        .split('_')
        .for_each(|word| push_capital(&mut name, word));
    name + "Entry"
}

fn push_capital(name: &mut String, word: &str) {
    let mut chars = word.chars();
    name.extend(chars.next().map(|first| first.to_ascii_uppercase()));
    name.push_str(chars.as_str());
}

fn identifier(name: String) -> String {
    if name.starts_with(|first: char| first.is_ascii_digit()) {
        format!("_{name}")
    } else {
        name
    }
}

#[cfg(test)]
mod tests {
    use super::{field, unspecified, value, variant};

    #[test]
    fn names_are_identifiers() {
        for (name, expected) in [
            ("user_id", "user_id"),
            ("userId", "user_id"),
            ("_2fa", "_2fa"),
            ("type", "type"),
            ("__", "__"),
        ] {
            assert_eq!(field(name), expected);
        }
        assert_eq!(value("Role", "SuperUser"), "ROLE_SUPER_USER");
        assert_eq!(value("HTTPMethod", "V2"), "HTTP_METHOD_V2");
        assert_eq!(unspecified("Role"), "ROLE_UNSPECIFIED");
        assert_eq!(variant("bank_transfer"), "BankTransfer");
        assert_eq!(variant("_2"), "V_2");
    }
}
