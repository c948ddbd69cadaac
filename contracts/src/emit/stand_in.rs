//! What stands in for an inline contract with mistakes, so that rustc does not
//! report the absence of what is only wrong.

use std::collections::HashSet;

use super::names;
use crate::diag::Diagnostic;
use crate::model::{
    Contract, Field, File, Name, Scalar, Type, TypeDef, TypeKind, TypeRef, Variant,
};
use crate::parse::name::is_keyword;
use crate::rules::{self, Rule};

/// The part of the contract that compiles, whatever the mistakes are. What
/// nobody complained about stays, so that code that uses it compiles too.
pub(super) fn of(contract: &Contract, findings: &[Diagnostic]) -> Contract {
    let found = |rules: &[&Rule]| findings.iter().any(|finding| rules.contains(&finding.rule));
    let wrong = Wrong {
        defaults: found(&[&rules::BAD_DEFAULT, &rules::DEFAULT_ON_OPTION]),
        texts: found(&[&rules::JSON_STRING]),
        keys: found(&[&rules::KEY_ARGUMENT]),
        messages: found(&[&rules::MESSAGE_PLACEHOLDER]),
        numbers: found(&[
            &rules::BAD_NUMBER,
            &rules::DUPLICATE_NUMBER,
            &rules::MISSING_NUMBER,
            &rules::RESERVED_NUMBER,
        ]),
    };
    let mut contract = contract.clone();
    contract.files.iter_mut().for_each(|file| mend(file, wrong));
    contract
}

/// What is left out everywhere, because it is wrong somewhere.
#[derive(Debug, Clone, Copy)]
struct Wrong {
    defaults: bool,
    texts: bool,
    keys: bool,
    messages: bool,
    /// Places stand in for them, so that none is there twice.
    numbers: bool,
}

fn mend(file: &mut File, wrong: Wrong) {
    let mut taken: HashSet<String> = [names::RUNTIME, names::MARKERS].map(str::to_owned).into();
    taken.extend(names::PRELUDE_VALUES.iter().map(|name| (*name).to_owned()));
    let mut once = |name: &str| taken.insert(name.to_owned());

    // Removed types would shift the places that others refer to: they get a name that nobody has.
    for (index, def) in file.types.iter_mut().enumerate() {
        if !once(&def.name.rust) || !is_name(&def.name) {
            def.name.rust = format!("__{index}");
        }
        mend_type(def, wrong);
    }
    for name in &file.broken {
        if once(name) && !is_keyword(name) && syn::parse_str::<syn::Ident>(name).is_ok() {
            file.types.push(unreadable(name));
        }
    }
    file.services.retain(|service| {
        let names = names::of_service(service);
        once(&service.name.rust) && is_name(&service.name) && names.iter().all(|name| once(name))
    });
    let mut markers = HashSet::new();
    for service in &mut file.services {
        let mut methods: HashSet<String> = ["new", "layer"].map(str::to_owned).into();
        service.operations.retain_mut(|operation| {
            mend_fields(&mut operation.args, wrong);
            operation.key.take_if(|_| wrong.keys);
            methods.insert(operation.name.rust.clone())
                && is_name(&operation.name)
                && markers.insert(names::marker(&operation.name.rust))
                && names::of_operation(operation).iter().all(|name| once(name))
        });
    }
}

fn mend_type(def: &mut TypeDef, wrong: Wrong) {
    match &mut def.kind {
        TypeKind::Struct(fields) => mend_fields(fields, wrong),
        TypeKind::UnitEnum(unit) => {
            mend_variants(&mut unit.variants, unit.open, wrong, |variant| variant)
        }
        TypeKind::DataEnum(data) => {
            mend_variants(&mut data.variants, data.open, wrong, |variant| variant)
        }
        TypeKind::ErrorEnum(error) => {
            mend_variants(&mut error.variants, false, wrong, |error| {
                &mut error.variant
            });
            if wrong.messages {
                error
                    .variants
                    .iter_mut()
                    .for_each(|error| error.message.value.clear());
            }
        }
        TypeKind::Newtype(newtype) => newtype.checks.clear(),
        TypeKind::Alias(_) => {}
    }
}

fn mend_variants<T>(
    variants: &mut Vec<T>,
    open: bool,
    wrong: Wrong,
    variant: fn(&mut T) -> &mut Variant,
) {
    let mut seen = HashSet::new();
    if open {
        seen.insert("Unknown".to_owned());
    }
    variants.retain_mut(|one| {
        let variant = variant(one);
        mend_fields(&mut variant.fields, wrong);
        variant.number.take_if(|_| wrong.numbers);
        is_name(&variant.name) && seen.insert(variant.name.rust.clone())
    });
}

/// Checks are not needed to compile, and may not fit their types.
fn mend_fields(fields: &mut Vec<Field>, wrong: Wrong) {
    let mut seen = HashSet::new();
    fields.retain_mut(|field| {
        field.checks.clear();
        field.default.take_if(|_| wrong.defaults);
        field.json_string.take_if(|_| wrong.texts);
        field.number.take_if(|_| wrong.numbers);
        is_name(&field.name) && seen.insert(field.name.rust.clone())
    });
}

/// Whether rustc takes the name, with `r#` if need be.
fn is_name(name: &Name) -> bool {
    !matches!(&*name.rust, "self" | "Self" | "super" | "crate" | "_") && !name.rust.is_empty()
}

/// An item that could not be read, under its name.
fn unreadable(name: &str) -> TypeDef {
    let span = proc_macro2::Span::call_site();
    let name = Name {
        rust: name.to_owned(),
        wire: name.to_owned(),
        span,
    };
    let kind = TypeKind::Alias(Type {
        kind: TypeRef::Scalar(Scalar::Json),
        span,
    });
    TypeDef {
        name,
        docs: Vec::new(),
        deprecated: None,
        reserved: Vec::new(),
        kind,
    }
}
