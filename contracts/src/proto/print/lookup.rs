//! How a type is written where it is used: as short as it can be and still be found.

use std::collections::HashSet;

use crate::proto::schema::{DescriptorProto, FileDescriptorProto};

/// Words that begin something else where a type can stand. Contracts may use
/// them as names.
const WORDS: &[&str] = &[
    "bool",
    "bytes",
    "double",
    "enum",
    "export",
    "extend",
    "extensions",
    "fixed32",
    "fixed64",
    "float",
    "group",
    "import",
    "int32",
    "int64",
    "local",
    "map",
    "message",
    "oneof",
    "option",
    "optional",
    "package",
    "repeated",
    "required",
    "reserved",
    "returns",
    "rpc",
    "service",
    "sfixed32",
    "sfixed64",
    "sint32",
    "sint64",
    "stream",
    "string",
    "syntax",
    "uint32",
    "uint64",
];

/// Every full name that a short one could be taken for. What a file does not
/// import counts too: some compilers look there.
pub(super) struct Symbols {
    types: HashSet<String>,
    packages: HashSet<String>,
}

impl Symbols {
    pub(super) fn of(files: &[FileDescriptorProto]) -> Self {
        let mut symbols = Self {
            types: ["Duration", "Empty", "Timestamp", "Value"]
                .iter()
                .map(|name| format!("google.protobuf.{name}"))
                .collect(),
            packages: HashSet::new(),
        };
        symbols.add_package("google.protobuf");
        for file in files {
            symbols.add_package(&file.package);
            for message in &file.message_type {
                symbols.add_message(&file.package, message);
            }
            for one in &file.enum_type {
                symbols.types.insert(join(&file.package, &one.name));
            }
        }
        symbols
    }

    fn add_package(&mut self, package: &str) {
        let mut rest = package;
        self.packages.insert(rest.to_owned());
        while let Some((outer, _)) = rest.rsplit_once('.') {
            self.packages.insert(outer.to_owned());
            rest = outer;
        }
    }

    fn add_message(&mut self, scope: &str, message: &DescriptorProto) {
        let name = join(scope, &message.name);
        for nested in &message.nested_type {
            self.add_message(&name, nested);
        }
        self.types.insert(name);
    }

    /// The type `.acme.users.v1.User` as it is written in a scope.
    pub(super) fn shown(&self, type_name: &str, scope: &str, package: &str) -> String {
        let full = type_name.strip_prefix('.').unwrap_or(type_name);
        let mut outer = Some(scope);
        while let Some(around) = outer {
            let short = full
                .strip_prefix(around)
                .and_then(|rest| rest.strip_prefix('.'));
            if let Some(short) = short
                && self.is_found(short, scope, full)
            {
                return short.to_owned();
            }
            outer = around
                .rsplit_once('.')
                .map(|(outer, _)| outer)
                .filter(|outer| outer.len() >= package.len());
        }
        if self.is_found(full, scope, full) {
            full.to_owned()
        } else {
            format!(".{full}")
        }
    }

    /// Whether protobuf finds the type by this name: it looks for the first
    /// part from the innermost scope outwards, and never turns back.
    fn is_found(&self, name: &str, scope: &str, full: &str) -> bool {
        let first = name.split('.').next().unwrap_or(name);
        if WORDS.contains(&first) {
            return false;
        }
        let is_whole = first == name;
        let mut scope = Some(scope);
        while let Some(around) = scope {
            let found = join(around, first);
            if self.types.contains(&found) || (!is_whole && self.packages.contains(&found)) {
                return join(around, name) == full;
            }
            scope = match around.rsplit_once('.') {
                Some((outer, _)) => Some(outer),
                None if around.is_empty() => None,
                None => Some(""),
            };
        }
        false
    }
}

fn join(scope: &str, name: &str) -> String {
    if scope.is_empty() {
        name.to_owned()
    } else {
        format!("{scope}.{name}")
    }
}
