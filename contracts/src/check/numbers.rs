//! Numbers of fields, arguments and variants.

use std::collections::{HashMap, HashSet};

use proc_macro2::Span;

use super::{Of, groups};
use crate::attr::value::is_number;
use crate::diag::Diagnostics;
use crate::model::{Field, File, Name, Reserved, Spanned, TypeDef, TypeKind, Variant};
use crate::proto::names;
use crate::rules;

/// One numbered thing of an item.
type Member<'a> = (&'a Name, Option<&'a Spanned<u32>>);

/// Things that are numbered together.
struct Item<'a> {
    owner: &'a str,
    /// What one of them is called.
    what: &'static str,
    members: Vec<Member<'a>>,
    reserved: &'a [Spanned<Reserved>],
    /// The package, if it is encoded as protobuf, which needs all numbers.
    package: Option<&'a str>,
}

pub(super) fn check(cx: &mut Diagnostics, file: &File) {
    let package = file.header.proto.map(|_| &*file.header.package.value);
    for def in &file.types {
        check_reserved_once(cx, def);
        let (what, members) = match &def.kind {
            TypeKind::Struct(fields) => ("field", of_fields(fields)),
            TypeKind::UnitEnum(unit) => ("variant", of_variants(unit.variants.iter())),
            TypeKind::DataEnum(data) => ("variant", of_variants(data.variants.iter())),
            TypeKind::ErrorEnum(error) => (
                "variant",
                of_variants(error.variants.iter().map(|error| &error.variant)),
            ),
            TypeKind::Newtype(_) | TypeKind::Alias(_) => continue,
        };
        let item = Item {
            owner: &def.name.rust,
            what,
            members,
            reserved: &def.reserved,
            package,
        };
        check_retired_names(cx, &item);
        check_members(cx, &item);
    }
    // Structs are done: only they and enums have `#[reserved]`.
    for group in groups(file).iter().filter(|group| group.of != Of::Struct) {
        let item = Item {
            owner: &group.owner,
            what: group.of.member(),
            members: of_fields(group.fields),
            reserved: &[],
            // Arguments are numbered by their places until one has a number.
            package: package.filter(|_| group.of != Of::Operation),
        };
        check_members(cx, &item);
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

/// A retired name stays retired, in Rust, in JSON and in protobuf.
fn check_retired_names(cx: &mut Diagnostics, item: &Item<'_>) {
    for (name, _) in &item.members {
        for reserved in item.reserved {
            if let Reserved::Name(retired) = &reserved.value
                && (*retired == name.rust
                    || *retired == name.wire
                    || names::field(retired) == names::field(&name.rust))
            {
                cx.error(
                    &rules::RESERVED_NAME,
                    name.span,
                    format!("name `{retired}` is reserved in `{}`", item.owner),
                )
                .also(reserved.span, "reserved here")
                .help(format!("choose another name for the {}", item.what));
            }
        }
    }
}

fn check_members(cx: &mut Diagnostics, item: &Item<'_>) {
    let Item { owner, what, .. } = item;
    let mut used: HashMap<u32, (&Name, Span)> = HashMap::new();
    let retired: HashMap<u32, Span> = item
        .reserved
        .iter()
        .filter_map(|reserved| match reserved.value {
            Reserved::Number(number) => Some((number, reserved.span)),
            Reserved::Name(_) => None,
        })
        .collect();
    let taken: HashSet<u32> = item
        .members
        .iter()
        .filter_map(|(_, number)| Some(number.as_ref()?.value))
        .chain(retired.keys().copied())
        .collect();
    let mut free = (1..).filter(|number| is_number(*number) && !taken.contains(number));
    let next = free.clone().next().unwrap_or_default();
    let some_have = item.members.iter().any(|(_, number)| number.is_some());
    for (name, number) in &item.members {
        let Some(number) = number else {
            let message = match item.package {
                Some(package) => format!(
                    "{what} `{}` needs a number: `{package}` is encoded as protobuf",
                    name.rust
                ),
                None if some_have => format!(
                    "{what} `{}` has no number, but others of `{owner}` do",
                    name.rust
                ),
                None => continue,
            };
            let free = free.next().unwrap_or_default();
            cx.error(&rules::MISSING_NUMBER, name.span, message)
                .help(match *what {
                    "variant" => format!("write `= {free}`, the next free one"),
                    _ => format!("write `#[n({free})]`, the next free one"),
                });
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
            .help(format!("use {next}, the next free one"));
        } else if let Some((first, span)) = used.get(&number.value) {
            let message = format!(
                "number {} is used by both `{}` and `{}`",
                number.value, first.rust, name.rust
            );
            cx.error(&rules::DUPLICATE_NUMBER, number.span, message)
                .also(*span, "the first one")
                .help(format!("use {next}, the next free one"));
        } else {
            used.insert(number.value, (name, number.span));
        }
    }
}
