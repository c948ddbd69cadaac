//! The rules that need two things side by side, one file a family.

mod constraints;
mod decimal;
mod defaults;
mod enums;
mod errors;
mod generated;
mod names;
mod numbers;
mod operations;
mod regex;
mod routes;
mod shapes;

use crate::diag::Diagnostics;
use crate::model::{Contract, Field, File, Operation, TypeKind};

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
    }
    routes::check(cx, contract);
}

/// Fields that stand together: of a struct, a variant or an operation.
struct Group<'a> {
    /// `User`, `Payment::Card` or `get_user`.
    owner: String,
    /// `field` or `argument`.
    what: &'static str,
    fields: &'a [Field],
}

/// Every group of a file, in source order within types and within services.
fn groups(file: &File) -> Vec<Group<'_>> {
    let mut groups = Vec::new();
    for def in &file.types {
        let owner = &def.name.rust;
        let mut add = |owner, fields| {
            groups.push(Group {
                owner,
                what: "field",
                fields,
            })
        };
        match &def.kind {
            TypeKind::Struct(fields) => add(owner.clone(), &**fields),
            TypeKind::DataEnum(data) => {
                for variant in &data.variants {
                    add(format!("{owner}::{}", variant.name.rust), &*variant.fields);
                }
            }
            TypeKind::ErrorEnum(error) => {
                for error in &error.variants {
                    add(
                        format!("{owner}::{}", error.variant.name.rust),
                        &*error.variant.fields,
                    );
                }
            }
            TypeKind::Newtype(_) | TypeKind::Alias(_) | TypeKind::UnitEnum(_) => {}
        }
    }
    for operation in operations_of(file) {
        groups.push(Group {
            owner: operation.name.rust.clone(),
            what: "argument",
            fields: &operation.args,
        });
    }
    groups
}

fn operations_of(file: &File) -> impl Iterator<Item = &Operation> {
    file.services.iter().flat_map(|service| &service.operations)
}
