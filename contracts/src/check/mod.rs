//! The rules that need two things side by side, one file a family.

mod addresses;
mod constraints;
mod decimal;
mod defaults;
mod enums;
mod errors;
mod generated;
mod names;
mod numbers;
mod operations;
mod packages;
mod protobuf;
mod regex;
mod routes;
mod shapes;
mod streams;
mod wildcards;

use proc_macro2::Span;

use crate::diag::Diagnostics;
use crate::model::{Contract, Field, File, Operation, Service, TypeKind, Variant};

/// Judges a contract whose names are resolved. What was reported before is not
/// reported again: types that could not be resolved are passed over.
pub(crate) fn all(cx: &mut Diagnostics, contract: &Contract) {
    for (index, file) in contract.files.iter().enumerate() {
        cx.enter(index);
        names::check(cx, file);
        generated::check(cx, contract, file);
        enums::check(cx, file);
        numbers::check(cx, file);
        shapes::check(cx, contract, file);
        constraints::check(cx, contract, file);
        defaults::check(cx, contract, file);
        errors::check(cx, contract, file);
        operations::check(cx, contract, file);
        streams::check(cx, file);
        wildcards::check(cx, contract, file);
        protobuf::check(cx, contract, file);
    }
    routes::check(cx, contract);
    packages::check(cx, contract);
    addresses::check(cx, contract);
}

/// Fields that stand together.
struct Group<'a> {
    /// `User`, `Payment::Card` or `get_user`.
    owner: String,
    of: Of,
    fields: &'a [Field],
}

/// What fields belong to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Of {
    Struct,
    Variant,
    Operation,
}

impl Of {
    /// What one of them is called.
    fn member(self) -> &'static str {
        match self {
            Self::Struct | Self::Variant => "field",
            Self::Operation => "argument",
        }
    }
}

/// Every group of a file, in source order within types and within services.
fn groups(file: &File) -> Vec<Group<'_>> {
    let mut groups = Vec::new();
    for def in &file.types {
        let owner = &def.name.rust;
        match &def.kind {
            TypeKind::Struct(fields) => groups.push(Group {
                owner: owner.clone(),
                of: Of::Struct,
                fields,
            }),
            TypeKind::DataEnum(data) => groups.extend(
                data.variants
                    .iter()
                    .map(|variant| of_variant(owner, variant)),
            ),
            TypeKind::ErrorEnum(error) => {
                groups.extend(
                    error
                        .variants
                        .iter()
                        .map(|error| of_variant(owner, &error.variant)),
                );
            }
            TypeKind::Newtype(_) | TypeKind::Alias(_) | TypeKind::UnitEnum(_) => {}
        }
    }
    groups.extend(operations_of(file).map(|operation| Group {
        owner: operation.name.rust.clone(),
        of: Of::Operation,
        fields: &operation.args,
    }));
    groups
}

fn of_variant<'a>(owner: &str, variant: &'a Variant) -> Group<'a> {
    Group {
        owner: format!("{owner}::{}", variant.name.rust),
        of: Of::Variant,
        fields: &variant.fields,
    }
}

/// An operation and where it stands.
#[derive(Clone, Copy)]
struct Placed<'a> {
    file: usize,
    service: &'a Service,
    operation: &'a Operation,
}

impl Placed<'_> {
    /// `Users::get_user`
    fn path(&self) -> String {
        format!("{}::{}", self.service.name.rust, self.operation.name.rust)
    }
}

/// Every operation of the root, in source order.
fn all_operations(contract: &Contract) -> impl Iterator<Item = Placed<'_>> {
    let files = contract.files.iter().enumerate();
    files.flat_map(|(file, of_file)| {
        of_file.services.iter().flat_map(move |service| {
            service.operations.iter().map(move |operation| Placed {
                file,
                service,
                operation,
            })
        })
    })
}

/// `contracts/users.rs:4:13`
fn show_place(contract: &Contract, file: usize, span: Span) -> String {
    let (path, start) = (&contract.files[file].path, span.start());
    format!("{path}:{}:{}", start.line, start.column + 1)
}

fn operations_of(file: &File) -> impl Iterator<Item = &Operation> {
    file.services.iter().flat_map(|service| &service.operations)
}
