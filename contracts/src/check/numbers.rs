//! Numbers of fields, arguments and variants.

use std::collections::HashMap;

use proc_macro2::Span;

use super::{Of, groups};
use crate::diag::Diagnostics;
use crate::model::{Field, File, Name, Reserved, Spanned, TypeDef, TypeKind, Variant};
use crate::rules;

/// One numbered thing of an item.
type Member<'a> = (&'a Name, Option<&'a Spanned<u32>>);

pub(super) fn check(cx: &mut Diagnostics, file: &File) {
    for def in &file.types {
        check_reserved_once(cx, def);
        match &def.kind {
            TypeKind::Struct(fields) => check_item(cx, def, "field", of_fields(fields)),
            TypeKind::UnitEnum(unit) => {
                check_item(cx, def, "variant", of_variants(unit.variants.iter()))
            }
            TypeKind::DataEnum(data) => {
                check_item(cx, def, "variant", of_variants(data.variants.iter()))
            }
            TypeKind::ErrorEnum(error) => {
                check_item(
                    cx,
                    def,
                    "variant",
                    of_variants(error.variants.iter().map(|error| &error.variant)),
                );
            }
            TypeKind::Newtype(_) | TypeKind::Alias(_) => {}
        }
    }
    // Structs are done: only they and enums have `#[reserved]`.
    for group in groups(file).iter().filter(|group| group.of != Of::Struct) {
        check_members(
            cx,
            &of_fields(group.fields),
            &[],
            group.of.member(),
            &group.owner,
        );
    }
}

fn of_fields(fields: &[Field]) -> Vec<Member<'_>> {
    fields
        .iter()
        .map(|field| (&field.name, field.number.as_ref()))
        .collect()
}

fn of_variants<'a>(variants: impl Iterator<Item = &'a Variant>) -> Vec<Member<'a>> {
    variants
        .map(|variant| (&variant.name, variant.number.as_ref()))
        .collect()
}

/// A retired number or name is retired once.
fn check_reserved_once(cx: &mut Diagnostics, def: &TypeDef) {
    let mut seen: HashMap<String, Span> = HashMap::new();
    for reserved in &def.reserved {
        let (text, rule) = match &reserved.value {
            Reserved::Number(number) => (number.to_string(), &rules::DUPLICATE_NUMBER),
            Reserved::Name(name) => (format!("`{name}`"), &rules::DUPLICATE_NAME),
        };
        if let Some(first) = seen.insert(text.clone(), reserved.span) {
            cx.error(rule, reserved.span, format!("{text} is reserved twice"))
                .also(first, "the first time")
                .help("remove one of the two");
        }
    }
}

fn check_item(cx: &mut Diagnostics, def: &TypeDef, what: &str, members: Vec<Member<'_>>) {
    let owner = &def.name.rust;
    for (name, _) in &members {
        for reserved in &def.reserved {
            if let Reserved::Name(retired) = &reserved.value
                && (*retired == name.rust || *retired == name.wire)
            {
                cx.error(
                    &rules::RESERVED_NAME,
                    name.span,
                    format!("name `{retired}` is reserved in `{owner}`"),
                )
                .also(reserved.span, "reserved here")
                .help(format!("choose another name for the {what}"));
            }
        }
    }
    check_members(cx, &members, &def.reserved, what, owner);
}

fn check_members(
    cx: &mut Diagnostics,
    members: &[Member<'_>],
    reserved: &[Spanned<Reserved>],
    what: &str,
    owner: &str,
) {
    let mut used: HashMap<u32, (&Name, Span)> = HashMap::new();
    let retired: HashMap<u32, Span> = reserved
        .iter()
        .filter_map(|reserved| match reserved.value {
            Reserved::Number(number) => Some((number, reserved.span)),
            Reserved::Name(_) => None,
        })
        .collect();
    let taken: Vec<u32> = members
        .iter()
        .filter_map(|(_, number)| Some(number.as_ref()?.value))
        .chain(retired.keys().copied())
        .collect();
    let free = (1..).find(|number| !taken.contains(number)).unwrap_or(1);
    let some_have = members.iter().any(|(_, number)| number.is_some());
    for (name, number) in members {
        let Some(number) = number else {
            if some_have {
                cx.error(
                    &rules::MISSING_NUMBER,
                    name.span,
                    format!(
                        "{what} `{}` has no number, but others of `{owner}` do",
                        name.rust
                    ),
                )
                .help(match what {
                    "variant" => format!("write `= {free}`, the next free one"),
                    _ => format!("write `#[n({free})]`, the next free one"),
                });
            }
            continue;
        };
        if number.value == 0 {
            // Wrong, which is reported already.
        } else if let Some(span) = retired.get(&number.value) {
            cx.error(
                &rules::RESERVED_NUMBER,
                number.span,
                format!("number {} is reserved in `{owner}`", number.value),
            )
            .also(*span, "reserved here")
            .help(format!("use {free}, the next free one"));
        } else if let Some((first, span)) = used.get(&number.value) {
            let message = format!(
                "number {} is used by both `{}` and `{}`",
                number.value, first.rust, name.rust
            );
            cx.error(&rules::DUPLICATE_NUMBER, number.span, message)
                .also(*span, "the first one")
                .help(format!("use {free}, the next free one"));
        } else {
            used.insert(number.value, (name, number.span));
        }
    }
}
