//! What the types of a contract are in protobuf.

use super::Builder;
use crate::model::{Scalar, Type, TypeId, TypeKind, TypeRef};
use crate::proto::names;
use crate::proto::schema::Kind;

/// A type where it is used.
pub(super) enum Shape {
    /// One value, always there or maybe not.
    One { of: Leaf, optional: bool },
    /// `Vec<T>`
    Many(Leaf),
    /// `BTreeMap<K, V>`
    Map { key: Kind, value: Leaf },
}

/// A value that holds no others of its kind.
pub(super) struct Leaf {
    pub(super) kind: Kind,
    /// The full name of a message or an enum.
    pub(super) name: Option<String>,
}

/// The shape of a type. Aliases, newtypes and boxes leave no trace.
pub(super) fn shape(cx: &mut Builder<'_>, ty: &Type) -> Shape {
    let ty = behind(cx, ty);
    match &ty.kind {
        TypeRef::Option(inner) => Shape::One {
            of: leaf(cx, inner),
            optional: true,
        },
        TypeRef::Vec(inner) => Shape::Many(leaf(cx, inner)),
        TypeRef::Map { key, value, .. } => Shape::Map {
            key: leaf(cx, key).kind,
            value: leaf(cx, value),
        },
        _ => Shape::One {
            of: leaf(cx, ty),
            optional: false,
        },
    }
}

fn behind<'a>(cx: &Builder<'a>, mut ty: &'a Type) -> &'a Type {
    loop {
        // Every name of a checked contract stands for something.
        ty = cx.contract.on_the_wire(ty).unwrap_or(ty);
        match &ty.kind {
            TypeRef::Box(inner) => ty = inner,
            _ => return ty,
        }
    }
}

fn leaf(cx: &mut Builder<'_>, ty: &Type) -> Leaf {
    let plain = |kind| Leaf { kind, name: None };
    match &behind(cx, ty).kind {
        TypeRef::Scalar(scalar) => match scalar {
            Scalar::Bool => plain(Kind::Bool),
            Scalar::I8 | Scalar::I16 | Scalar::I32 => plain(Kind::Int32),
            Scalar::U8 | Scalar::U16 | Scalar::U32 => plain(Kind::Uint32),
            Scalar::I64 => plain(Kind::Int64),
            Scalar::U64 => plain(Kind::Uint64),
            Scalar::F32 => plain(Kind::Float),
            Scalar::F64 => plain(Kind::Double),
            Scalar::String | Scalar::Uuid | Scalar::Decimal | Scalar::Date => plain(Kind::String),
            Scalar::Bytes => plain(Kind::Bytes),
            Scalar::Timestamp => message(well_known(cx, "timestamp", "Timestamp")),
            Scalar::Duration => message(well_known(cx, "duration", "Duration")),
            Scalar::Json => message(well_known(cx, "struct", "Value")),
        },
        TypeRef::Named {
            target: Some(id), ..
        } => {
            let is_enum = matches!(
                cx.contract.type_def(*id).map(|def| &def.kind),
                Some(TypeKind::UnitEnum(_))
            );
            Leaf {
                kind: if is_enum { Kind::Enum } else { Kind::Message },
                name: Some(declared(cx, *id)),
            }
        }
        // Nothing else stands inside another type of a checked contract.
        _ => message(well_known(cx, "empty", "Empty")),
    }
}

fn message(name: String) -> Leaf {
    Leaf {
        kind: Kind::Message,
        name: Some(name),
    }
}

/// The full name of a declared type; its file is imported.
pub(super) fn declared(cx: &mut Builder<'_>, id: TypeId) -> String {
    let file = &cx.contract.files[id.file];
    if file.module != cx.file.module {
        cx.imports.insert(names::file(&file.module));
    }
    let name = &file.types[id.index].name.rust;
    format!(".{}.{name}", file.header.package.value)
}

/// The full name of a type of protobuf's own; its file is imported.
pub(super) fn well_known(cx: &mut Builder<'_>, file: &str, name: &str) -> String {
    cx.imports.insert(format!("google/protobuf/{file}.proto"));
    format!(".google.protobuf.{name}")
}
