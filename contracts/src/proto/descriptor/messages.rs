//! Messages and enums.

use std::collections::HashSet;

use super::Builder;
use super::comments::index;
use super::types::{Leaf, Shape, shape};
use crate::model::{
    Deprecated, Docs, Operation, OperationKind, Reserved, Spanned, TypeDef, TypeKind, UnitEnum,
    Variant,
};
use crate::proto::bodies::{self, Body, Member};
use crate::proto::names;
use crate::proto::schema::{
    DescriptorProto, EnumDescriptorProto, EnumOptions, EnumValueDescriptorProto, EnumValueOptions,
    FieldDescriptorProto, FieldOptions, FileDescriptorProto, Kind, Label, MessageOptions,
    OneofDescriptorProto, ReservedRange,
};

/// Where a message stands: its full name, and its path in the file.
#[derive(Clone)]
struct Place {
    name: String,
    path: Vec<i32>,
}

impl Place {
    /// The `at`th of the file.
    fn top(cx: &Builder<'_>, at: usize, name: &str) -> Self {
        const MESSAGES: i32 = 4;
        Self {
            name: format!(".{}.{name}", cx.file.header.package.value),
            path: vec![MESSAGES, index(at)],
        }
    }

    /// The `at`th inside this one.
    fn nested(&self, at: usize, name: &str) -> Self {
        const NESTED: i32 = 3;
        Self {
            name: format!("{}.{name}", self.name),
            path: self.part(NESTED, at),
        }
    }

    fn field(&self, at: usize) -> Vec<i32> {
        const FIELDS: i32 = 2;
        self.part(FIELDS, at)
    }

    /// The only one that is written.
    fn one_of(&self) -> Vec<i32> {
        const ONE_OFS: i32 = 8;
        self.part(ONE_OFS, 0)
    }

    fn part(&self, kind: i32, at: usize) -> Vec<i32> {
        self.path.iter().copied().chain([kind, index(at)]).collect()
    }
}

/// The declared types of the file. Newtypes and aliases leave no trace.
pub(super) fn declared(cx: &mut Builder<'_>, out: &mut FileDescriptorProto) {
    let file = cx.file;
    for def in &file.types {
        let place = Place::top(cx, out.message_type.len(), &def.name.rust);
        let message = match &def.kind {
            TypeKind::Struct(fields) => {
                let mut message = object(cx, &place, &def.name.rust, &bodies::members(fields));
                reserve(&mut message, &def.reserved);
                message
            }
            TypeKind::DataEnum(data) => {
                let variants: Vec<&Variant> = data.variants.iter().collect();
                union(cx, &place, def, &variants)
            }
            TypeKind::ErrorEnum(error) => {
                let variants = error.variants.iter().map(|error| &error.variant);
                union(cx, &place, def, &variants.collect::<Vec<_>>())
            }
            TypeKind::UnitEnum(unit) => {
                let values = enumeration(cx, out.enum_type.len(), def, unit);
                out.enum_type.push(values);
                continue;
            }
            TypeKind::Newtype(_) | TypeKind::Alias(_) => continue,
        };
        cx.comments.add(&place.path, &def.docs);
        out.message_type.push(DescriptorProto {
            options: message_options(def.deprecated.as_ref()),
            ..message
        });
    }
}

/// The messages that are made for an operation.
pub(super) fn made(cx: &mut Builder<'_>, operation: &Operation, out: &mut FileDescriptorProto) {
    let contract = cx.contract;
    let is_event = operation.kind == OperationKind::Event;
    let bodies = [
        Some(bodies::request(contract, operation)),
        (!is_event).then(|| bodies::response(contract, operation)),
    ];
    for body in bodies.into_iter().flatten() {
        let Body::Made { name, members } = body else {
            continue;
        };
        let place = Place::top(cx, out.message_type.len(), &name);
        let mut message = object(cx, &place, &name, &members);
        if is_event {
            cx.comments.add(&place.path, &operation.docs);
            message.options = message_options(operation.deprecated.as_ref());
        } else {
            cx.comments.add(&place.path, &Vec::new());
        }
        out.message_type.push(message);
    }
}

fn message_options(deprecated: Option<&Deprecated>) -> Option<MessageOptions> {
    deprecated.map(|_| MessageOptions {
        deprecated: true,
        ..MessageOptions::default()
    })
}

/// A message of fields.
fn object(
    cx: &mut Builder<'_>,
    place: &Place,
    name: &str,
    members: &[Member<'_>],
) -> DescriptorProto {
    let mut out = DescriptorProto {
        name: name.to_owned(),
        ..DescriptorProto::default()
    };
    for member in members {
        add_member(cx, place, member, &mut out);
    }
    add_presence(&mut out);
    out
}

fn add_member(cx: &mut Builder<'_>, place: &Place, member: &Member<'_>, out: &mut DescriptorProto) {
    let field = member.field;
    let docs = field.map(|field| field.docs.clone()).unwrap_or_default();
    cx.comments.add(&place.field(out.field.len()), &docs);
    let has_default = field.is_some_and(|field| field.default.is_some());
    let mut made = match shape(cx, member.ty) {
        Shape::One { of, optional } => FieldDescriptorProto {
            proto3_optional: optional || has_default,
            ..plain(&member.name, member.number, of)
        },
        Shape::Many(of) => repeated(plain(&member.name, member.number, of)),
        Shape::Map { key, value } => {
            let name = names::entry(&member.name);
            let of = Leaf {
                kind: Kind::Message,
                name: Some(place.nested(out.nested_type.len(), &name).name),
            };
            out.nested_type.push(entry(name, key, value));
            repeated(plain(&member.name, member.number, of))
        }
    };
    if field.is_some_and(|field| field.deprecated.is_some()) {
        made.options = Some(deprecated_field());
    }
    out.field.push(made);
}

fn deprecated_field() -> FieldOptions {
    FieldOptions { deprecated: true }
}

pub(super) fn plain(name: &str, number: u32, of: Leaf) -> FieldDescriptorProto {
    FieldDescriptorProto {
        name: name.to_owned(),
        number: signed(number),
        label: Label::Optional,
        kind: of.kind,
        type_name: of.name,
        ..FieldDescriptorProto::default()
    }
}

/// Numbers of contracts are below 2^29.
fn signed(number: u32) -> i32 {
    i32::try_from(number).unwrap_or(i32::MAX)
}

pub(super) fn repeated(field: FieldDescriptorProto) -> FieldDescriptorProto {
    FieldDescriptorProto {
        label: Label::Repeated,
        ..field
    }
}

/// Fields that can be absent get a `oneof` of their own, which proto3 says it
/// by. They come last, and are named so that nothing else is.
fn add_presence(out: &mut DescriptorProto) {
    let mut taken: HashSet<String> = out.field.iter().map(|field| field.name.clone()).collect();
    for field in &mut out.field {
        if !field.proto3_optional {
            continue;
        }
        let mut name = match &*field.name {
            own if own.starts_with('_') => own.to_owned(),
            own => format!("_{own}"),
        };
        while !taken.insert(name.clone()) {
            name.insert(0, 'X');
        }
        field.oneof_index = Some(index(out.oneof_decl.len()));
        out.oneof_decl.push(OneofDescriptorProto { name });
    }
}

/// The message that stands for one entry of a map.
pub(super) fn entry(name: String, key: Kind, value: Leaf) -> DescriptorProto {
    let key = Leaf {
        kind: key,
        name: None,
    };
    DescriptorProto {
        name,
        field: vec![plain("key", 1, key), plain("value", 2, value)],
        options: Some(MessageOptions {
            map_entry: true,
            ..MessageOptions::default()
        }),
        ..DescriptorProto::default()
    }
}

/// An enum with data: one of the messages of its variants, which stand inside.
fn union(
    cx: &mut Builder<'_>,
    place: &Place,
    def: &TypeDef,
    variants: &[&Variant],
) -> DescriptorProto {
    let one_of = names::one_of(variants.iter().copied());
    let mut out = DescriptorProto {
        name: def.name.rust.clone(),
        oneof_decl: vec![OneofDescriptorProto { name: one_of }],
        ..DescriptorProto::default()
    };
    cx.comments.add(&place.one_of(), &Vec::new());
    for (at, variant) in variants.iter().enumerate() {
        cx.comments.add(&place.field(at), &Vec::new());
        let name = names::variant(&variant.name.rust);
        let inside = place.nested(at, &name);
        let mut message = object(cx, &inside, &name, &bodies::members(&variant.fields));
        message.options = message_options(variant.deprecated.as_ref());
        cx.comments.add(&inside.path, &variant.docs);
        let of = Leaf {
            kind: Kind::Message,
            name: Some(inside.name),
        };
        out.field.push(FieldDescriptorProto {
            oneof_index: Some(0),
            options: variant.deprecated.as_ref().map(|_| deprecated_field()),
            ..plain(&names::field(&variant.name.rust), number(variant), of)
        });
        out.nested_type.push(message);
    }
    reserve(&mut out, &def.reserved);
    out
}

/// The number of a variant, which every one of a checked file has.
fn number(variant: &Variant) -> u32 {
    variant.number.as_ref().map_or(0, |number| number.value)
}

/// Retired numbers and names, as far as protobuf can write the names.
fn reserve(out: &mut DescriptorProto, reserved: &[Spanned<Reserved>]) {
    for reserved in reserved {
        match &reserved.value {
            Reserved::Number(number) => out.reserved_range.push(ReservedRange {
                start: signed(*number),
                end: signed(*number) + 1,
            }),
            Reserved::Name(name) => add_name(&mut out.reserved_name, names::field(name)),
        }
    }
}

fn add_name(names: &mut Vec<String>, name: String) {
    let is_identifier = name.chars().all(|c| c.is_ascii_alphanumeric() || c == '_');
    if is_identifier && !names.contains(&name) {
        names.push(name);
    }
}

/// A unit enum, with a zero for what is absent.
fn enumeration(
    cx: &mut Builder<'_>,
    at: usize,
    def: &TypeDef,
    unit: &UnitEnum,
) -> EnumDescriptorProto {
    const ENUMS: i32 = 5;
    let rust = &def.name.rust;
    let mut out = EnumDescriptorProto {
        name: rust.clone(),
        value: vec![value(names::unspecified(rust), 0, None)],
        options: def
            .deprecated
            .as_ref()
            .map(|_| EnumOptions { deprecated: true }),
        ..EnumDescriptorProto::default()
    };
    let path = [ENUMS, index(at)];
    cx.comments.add(&path, &def.docs);
    cx.comments.add(&[path[0], path[1], 2, 0], &Vec::new());
    for variant in &unit.variants {
        let docs: &Docs = &variant.docs;
        cx.comments
            .add(&[path[0], path[1], 2, index(out.value.len())], docs);
        out.value.push(value(
            names::value(rust, &variant.name.rust),
            number(variant),
            variant.deprecated.as_ref(),
        ));
    }
    for reserved in &def.reserved {
        match &reserved.value {
            Reserved::Number(number) => out.reserved_range.push(ReservedRange {
                start: signed(*number),
                end: signed(*number),
            }),
            Reserved::Name(name) => add_name(&mut out.reserved_name, names::value(rust, name)),
        }
    }
    out
}

pub(super) fn value(
    name: String,
    number: u32,
    deprecated: Option<&Deprecated>,
) -> EnumValueDescriptorProto {
    EnumValueDescriptorProto {
        name,
        number: signed(number),
        options: deprecated.map(|_| EnumValueOptions { deprecated: true }),
    }
}
