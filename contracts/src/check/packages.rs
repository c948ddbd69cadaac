//! Packages of protobuf: every name once in all the files of one.

use std::collections::{HashMap, HashSet};

use proc_macro2::Span;

use super::operations_of;
use crate::case;
use crate::diag::Diagnostics;
use crate::model::{
    Contract, File, Name, Operation, OperationKind, RenameRule, TypeKind, UnitEnum,
};
use crate::proto::bodies::{self, Body};
use crate::proto::names;
use crate::rules;

pub(super) fn check(cx: &mut Diagnostics, contract: &Contract) {
    let mut packages = Packages::of(contract);
    for (index, file) in contract.files.iter().enumerate() {
        // No package, which is reported already.
        if file.header.package.value.is_empty() {
            continue;
        }
        cx.enter(index);
        for symbol in symbols(contract, file) {
            packages.add(cx, contract, index, symbol);
        }
    }
}

/// A name that a file takes in its package.
struct Symbol {
    name: String,
    /// What it stands for.
    says: String,
    span: Span,
    /// Two of the same in one file are reported by another rule.
    rust: Option<String>,
    /// Whether it is a value of an enum.
    is_value: bool,
}

/// The names of each package, which may be that of several files.
#[derive(Default)]
struct Packages(HashMap<(String, String), (usize, Symbol)>);

impl Packages {
    /// The packages themselves: each has a name in the one around it.
    fn of(contract: &Contract) -> Self {
        let mut packages = Self::default();
        let files = contract.files.iter().enumerate();
        for (file, of_file) in files.filter(|(_, file)| file.header.proto.is_some()) {
            let package = &of_file.header.package;
            let mut inner = &*package.value;
            while let Some((outer, name)) = inner.rsplit_once('.') {
                let symbol = Symbol {
                    name: name.to_owned(),
                    says: format!("package `{inner}`"),
                    span: package.span,
                    rust: None,
                    is_value: false,
                };
                let key = (outer.to_owned(), name.to_owned());
                packages.0.entry(key).or_insert((file, symbol));
                inner = outer;
            }
        }
        packages
    }

    fn add(&mut self, cx: &mut Diagnostics, contract: &Contract, file: usize, symbol: Symbol) {
        let package = &contract.files[file].header.package.value;
        let key = (package.clone(), symbol.name.clone());
        let Some((first_file, first)) = self.0.get(&key) else {
            self.0.insert(key, (file, symbol));
            return;
        };
        if *first_file == file && first.rust.is_some() && first.rust == symbol.rust {
            return;
        }
        let message = if first.says == symbol.says {
            format!(
                "{} is declared twice in the protobuf package `{package}`",
                symbol.says
            )
        } else {
            format!(
                "{} and {} are both `{}` in the protobuf package `{package}`",
                first.says, symbol.says, symbol.name
            )
        };
        cx.error(&rules::PROTO_NAME, symbol.span, message)
            .label("the second one")
            .also_in(*first_file, first.span, "the first one")
            .help(if symbol.is_value {
                "rename one of the two; `#[name(\"..\")]` keeps the name of a variant in JSON"
            } else if *first_file == file {
                "rename one of the two"
            } else {
                "rename one of the two, or give the files different packages"
            });
    }
}

/// The names of a file. Those of enum values are kept apart in every contract,
/// so that adding protobuf later is possible; the others where it is written.
fn symbols(contract: &Contract, file: &File) -> Vec<Symbol> {
    let mut symbols = Vec::new();
    let mut declared = HashSet::new();
    for def in &file.types {
        // Declared twice, which is reported as such.
        if !declared.insert(&def.name.rust) {
            continue;
        }
        if let TypeKind::UnitEnum(unit) = &def.kind {
            symbols.extend(values(&def.name, unit));
        }
        if file.header.proto.is_some()
            && !matches!(def.kind, TypeKind::Newtype(_) | TypeKind::Alias(_))
        {
            symbols.push(declared_name(&def.name, "type"));
        }
    }
    if file.header.proto.is_none() {
        return symbols;
    }
    symbols.extend(written_services(file));
    symbols.extend(
        file.services
            .iter()
            .map(|service| declared_name(&service.name, "service")),
    );
    let mut declared = HashSet::new();
    for operation in operations_of(file) {
        if declared.insert(&operation.name.rust) {
            symbols.extend(made(contract, operation));
        }
    }
    symbols
}

/// Services that only `grpc = "Service/Method"` names.
fn written_services(file: &File) -> Vec<Symbol> {
    let mut seen: HashSet<&str> = file.services.iter().map(|one| &*one.name.rust).collect();
    let written = operations_of(file).filter_map(|operation| operation.grpc.as_ref());
    written
        .filter(|grpc| seen.insert(&grpc.value.service))
        .map(|grpc| Symbol {
            name: grpc.value.service.clone(),
            says: format!("service `{}`", grpc.value.service),
            span: grpc.span,
            rust: None,
            is_value: false,
        })
        .collect()
}

fn declared_name(name: &Name, what: &str) -> Symbol {
    Symbol {
        name: name.rust.clone(),
        says: format!("{what} `{}`", name.rust),
        span: name.span,
        rust: Some(name.rust.clone()),
        is_value: false,
    }
}

fn values(of: &Name, unit: &UnitEnum) -> Vec<Symbol> {
    let none = Symbol {
        name: names::unspecified(&of.rust),
        says: format!("the absence of a `{}`", of.rust),
        span: of.span,
        rust: None,
        is_value: true,
    };
    let values = unit.variants.iter().map(|variant| Symbol {
        name: names::value(&of.rust, &variant.name.rust),
        says: format!("`{}::{}`", of.rust, variant.name.rust),
        span: variant.name.span,
        // Those that are one in JSON are reported as such.
        rust: Some(format!(
            "{}::{}",
            of.rust,
            case::rename(&variant.name.wire, RenameRule::ScreamingSnake)
        )),
        is_value: true,
    });
    std::iter::once(none).chain(values).collect()
}

/// The messages made for an operation.
fn made(contract: &Contract, operation: &Operation) -> Vec<Symbol> {
    let (name, span) = (&operation.name.rust, operation.name.span);
    let mut made = Vec::new();
    if let Body::Made { name: request, .. } = bodies::request(contract, operation) {
        made.push(Symbol {
            says: match operation.kind {
                OperationKind::Event => format!("event `{name}`"),
                _ => format!("the request of `{name}`"),
            },
            span,
            rust: operation.bare().is_none().then(|| request.clone()),
            is_value: false,
            name: request,
        });
    }
    if operation.kind == OperationKind::Message
        && let Body::Made { name: response, .. } = bodies::response(contract, operation)
    {
        made.push(Symbol {
            name: response,
            says: format!("the answer of `{name}`"),
            span,
            rust: None,
            is_value: false,
        });
    }
    made
}
