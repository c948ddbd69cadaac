//! Every rule of the contract language: its stable id and what it says.
//!
//! The ids are part of the interface. They are printed with every finding,
//! name the fixture folders in `tests/ui`, and never change their meaning.

/// One rule of the language.
#[derive(Debug, PartialEq, Eq)]
pub struct Rule {
    /// The id, in kebab-case, stable for ever.
    pub id: &'static str,
    /// What breaks the rule, in one line.
    pub about: &'static str,
}

macro_rules! rules {
    ($($name:ident = $id:literal: $about:literal;)*) => {
        $(#[doc = $about] pub(crate) static $name: Rule = Rule { id: $id, about: $about };)*

        /// All rules, in the order in which this file explains them.
        pub static RULES: &[&Rule] = &[$(&$name),*];
    };
}

rules! {
    // Files and headers.
    NOT_TEXT = "not-text": "a contract file is not UTF-8 text";
    FILE_NAME = "file-name": "a file or folder name cannot be the name of a module";
    MISSING_HEADER = "missing-header": "a file has no `#![contract(package = \"..\")]`";
    DUPLICATE_HEADER = "duplicate-header": "a file has two `#![contract(..)]`";
    BAD_PACKAGE = "bad-package": "a package is not dot-separated lower-case names";
    UNKNOWN_RENAME_RULE = "unknown-rename-rule": "`rename_all` names no known rule";
    UNKNOWN_ENCODING = "unknown-encoding": "`encodings(..)` names no known encoding";

    // Syntax.
    UNCLOSED_DELIMITER = "unclosed-delimiter": "a bracket is never closed, or closed by the wrong one";
    INVALID_TOKEN = "invalid-token": "the text is not made of Rust tokens";
    TOO_DEEP = "too-deep": "brackets, types or patterns nest too deep";
    SYNTAX = "syntax": "a token stands where another is expected";
    NOT_IN_CONTRACT = "not-in-contract": "an item of Rust that is not part of the contract language";
    NOT_YET_SUPPORTED = "not-yet-supported": "a form of the language that this version does not support yet";
    VISIBILITY = "visibility": "`pub` is missing, limited, or stands where it has no meaning";
    ASCII_IDENTIFIER = "ascii-identifier": "a name is not an ASCII identifier";
    KEYWORD_NAME = "keyword-name": "a keyword is used as a name";
    CFG = "cfg": "a contract is the same for every build, so `cfg` is not part of it";
    TUPLE_STRUCT = "tuple-struct": "a tuple struct does not hold exactly one type";
    UNIT_STRUCT = "unit-struct": "a struct is written without braces";
    TUPLE_VARIANT = "tuple-variant": "a variant holds unnamed fields";
    EMPTY_ENUM = "empty-enum": "an enum has no variant";
    MISSING_SERVICE = "missing-service": "a trait has no `#[service]`";
    ASYNC_OPERATION = "async-operation": "an operation is written with `async` or another qualifier";
    SELF_ARGUMENT = "self-argument": "an operation takes `self`";
    OPERATION_BODY = "operation-body": "an operation has a body";

    // Attributes.
    UNKNOWN_ATTRIBUTE = "unknown-attribute": "an attribute that the language does not have";
    MISPLACED_ATTRIBUTE = "misplaced-attribute": "an attribute stands on something it does not apply to";
    DUPLICATE_ATTRIBUTE = "duplicate-attribute": "an attribute is written twice";
    ATTRIBUTE_FORM = "attribute-form": "an attribute is not written as it should be";
    UNKNOWN_OPTION = "unknown-option": "an option that the attribute does not have";
    MISPLACED_OPTION = "misplaced-option": "an option that this kind of operation does not have";
    DUPLICATE_OPTION = "duplicate-option": "an option is written twice";
    BAD_TIMEOUT = "bad-timeout": "a timeout is not a number with `ms`, `s`, `m` or `h`";

    // Names.
    DUPLICATE_NAME = "duplicate-name": "two things of one scope have the same name";
    DUPLICATE_OPERATION = "duplicate-operation": "two operations of one file have the same name";
    DUPLICATE_WIRE_NAME = "duplicate-wire-name": "two names are the same on the wire";
    PROTO_NAME = "proto-name": "two things of one scope have the same name in protobuf";
    SHADOWS_VOCABULARY = "shadows-vocabulary": "a declared type has the name of a built-in one";
    GENERATED_NAME = "generated-name": "a name that generation takes for something else";
    RESERVED_METHOD = "reserved-method": "an operation has the name of a method of every client";
    UNKNOWN_VARIANT_NAME = "unknown-variant-name": "an open enum declares a variant `Unknown`";
    TAG_FIELD = "tag-field": "a field has the name of its enum's tag";

    // Imports.
    IMPORT_FORM = "import-form": "a `use` that is not `use crate::module::Name;`";
    UNKNOWN_IMPORT = "unknown-import": "a `use` names a file or type that is not there";
    IMPORT_CYCLE = "import-cycle": "files import each other in a circle";
    JSON_ONLY_IMPORT = "json-only-import": "a file that is encoded as protobuf imports a type that is not";
    UNUSED_IMPORT = "unused-import": "an imported name is not used";
    UNUSED_TYPE = "unused-type": "nothing refers to a declared type";

    // Types.
    UNKNOWN_TYPE = "unknown-type": "a type name that nothing declares";
    GENERIC_TYPE = "generic-type": "a contract type or operation is generic";
    TYPE_ARGUMENTS = "type-arguments": "a built-in type has the wrong number of type arguments";
    NO_FIXED_WIDTH = "no-fixed-width": "`usize` and `isize` differ from machine to machine";
    UNSUPPORTED_TYPE = "unsupported-type": "a Rust type that not every wire can carry";
    FOREIGN_PATH = "foreign-path": "a type is written with a path";
    MISPLACED_RESULT = "misplaced-result": "`Result` stands elsewhere than as a whole return";
    MISPLACED_STREAM = "misplaced-stream": "`Stream` stands elsewhere than as the argument or the return of a message";
    UNIT_TYPE = "unit-type": "`()` stands elsewhere than as a whole return";
    BYTE_LIST = "byte-list": "`Vec<u8>` is written for bytes";
    NESTED_LIST = "nested-list": "a list holds lists, maps or options";
    NESTED_OPTION = "nested-option": "an option holds an option, a list or a map";
    HIDDEN_OPTION = "hidden-option": "an alias or a newtype hides an `Option`";
    MAP_KEY = "map-key": "a map key is neither a string, an integer nor a bool";
    MAP_VALUE = "map-value": "a map holds maps, lists or options";
    RECURSIVE_TYPE = "recursive-type": "a type contains itself without a `Box`";
    ENDLESS_TYPE = "endless-type": "a type requires a value of itself";
    ERROR_AS_TYPE = "error-as-type": "an error enum or a service is used as a type of data";
    NOT_AN_ERROR_ENUM = "not-an-error-enum": "the error of a `Result` is not an error enum";

    // Fields.
    BAD_NUMBER = "bad-number": "a number is outside of what the wire allows";
    DUPLICATE_NUMBER = "duplicate-number": "two fields or variants have the same number";
    MISSING_NUMBER = "missing-number": "a number is missing: protobuf needs all of them, and an item has all or none";
    RESERVED_NUMBER = "reserved-number": "a field uses a retired number";
    RESERVED_NAME = "reserved-name": "a field uses a retired name";
    BAD_DEFAULT = "bad-default": "a default does not fit its type or its checks";
    DEFAULT_ON_OPTION = "default-on-option": "an optional field has a default";
    JSON_STRING = "json-string": "`#[json(string)]` stands on something else than a 64-bit integer";
    BAD_CHECK = "bad-check": "a check is empty or upside down";
    CHECK_TYPE = "check-type": "a check does not apply to its type";
    INVALID_PATTERN = "invalid-pattern": "a `pattern` check is not a portable regular expression";

    // Operations.
    MISSING_PATTERN = "missing-pattern": "an operation has neither `#[message]` nor `#[event]`";
    BAD_PATTERN = "bad-pattern": "a pattern that cannot be a route";
    WILDCARD_PATTERN = "wildcard-pattern": "a pattern holds a wildcard of some broker";
    WILDCARD_ARGUMENT = "wildcard-argument": "a wildcard names no argument that can stand in a pattern";
    JSON_PATTERN = "json-pattern": "a string pattern parses as JSON, so no Nest server can be reached by it";
    DUPLICATE_PATTERN = "duplicate-pattern": "two operations have the same pattern";
    OVERLAPPING_PATTERN = "overlapping-pattern": "a name can fit two patterns";
    EVENT_RETURN = "event-return": "an event returns a value";
    ONEWAY_RETURN = "oneway-return": "a oneway message returns a value";
    PAYLOAD_ARGUMENT = "payload-argument": "`#[payload]` stands beside other arguments or on an `Option`";
    STREAM_ARGUMENT = "stream-argument": "a stream stands beside other arguments, or is marked as one value";
    STREAM_ITEM = "stream-item": "an item of a stream is optional";
    KEY_ARGUMENT = "key-argument": "`key` names no argument that can be a key";
    KEY_DELIVERY = "key-delivery": "`key` without `delivery = at_least_once`";
    BAD_TOPIC = "bad-topic": "`topic` is not a name that Kafka takes";
    DUPLICATE_TOPIC = "duplicate-topic": "two operations have the same topic";
    BAD_GRPC_METHOD = "bad-grpc-method": "`grpc` is not a service and a method";
    DUPLICATE_GRPC_METHOD = "duplicate-grpc-method": "two operations are the same method of gRPC";
    GRPC_ENCODING = "grpc-encoding": "`grpc` stands in a file that is not encoded as protobuf";

    // Errors.
    MISSING_ERROR = "missing-error": "a variant of an error enum has no `#[error(..)]`";
    UNKNOWN_ERROR_KIND = "unknown-error-kind": "`#[error(..)]` names no known kind or status";
    AMBIGUOUS_STATUS = "ambiguous-status": "a status that stands for two kinds";
    MESSAGE_PLACEHOLDER = "message-placeholder": "a placeholder in an error message is not a field that has a text";
    DUPLICATE_ERROR_CODE = "duplicate-error-code": "two errors of one enum have the same code";
}

#[cfg(test)]
mod tests {
    use super::RULES;

    #[test]
    fn ids_are_unique_and_in_kebab_case() {
        let mut ids: Vec<&str> = RULES.iter().map(|rule| rule.id).collect();
        for id in &ids {
            assert!(
                id.chars().all(|c| c.is_ascii_lowercase() || c == '-'),
                "{id}"
            );
        }
        ids.sort_unstable();
        let count = ids.len();
        ids.dedup();
        assert_eq!(ids.len(), count);
    }
}
