//! The files of protobuf's own types, as far as contracts use them: generators
//! want to see everything that a file mentions.

use std::collections::BTreeSet;

use super::messages::{entry, plain, repeated, value};
use super::types::Leaf;
use crate::proto::schema::{
    DescriptorProto, EnumDescriptorProto, FieldDescriptorProto, FileDescriptorProto, Kind,
    OneofDescriptorProto,
};

/// The ones that the files import, in the order of their names.
pub(super) fn imported(files: &[FileDescriptorProto]) -> Vec<FileDescriptorProto> {
    let imports: BTreeSet<&str> = files
        .iter()
        .flat_map(|file| &file.dependency)
        .map(String::as_str)
        .collect();
    imports
        .into_iter()
        .filter_map(|path| {
            let mut file = file(path)?;
            file.name = path.to_owned();
            file.package = "google.protobuf".to_owned();
            file.syntax = "proto3".to_owned();
            Some(file)
        })
        .collect()
}

fn file(path: &str) -> Option<FileDescriptorProto> {
    let mut file = FileDescriptorProto::default();
    file.message_type = match path {
        "google/protobuf/empty.proto" => vec![message("Empty", Vec::new())],
        "google/protobuf/timestamp.proto" => vec![message("Timestamp", seconds())],
        "google/protobuf/duration.proto" => vec![message("Duration", seconds())],
        "google/protobuf/struct.proto" => {
            file.enum_type = vec![EnumDescriptorProto {
                name: "NullValue".to_owned(),
                value: vec![value("NULL_VALUE".to_owned(), 0, None)],
                ..EnumDescriptorProto::default()
            }];
            json()
        }
        _ => return None,
    };
    Some(file)
}

fn message(name: &str, field: Vec<FieldDescriptorProto>) -> DescriptorProto {
    DescriptorProto {
        name: name.to_owned(),
        field,
        ..DescriptorProto::default()
    }
}

fn seconds() -> Vec<FieldDescriptorProto> {
    vec![
        plain("seconds", 1, scalar(Kind::Int64)),
        plain("nanos", 2, scalar(Kind::Int32)),
    ]
}

/// `Struct`, `Value` and `ListValue`, which hold each other.
fn json() -> Vec<DescriptorProto> {
    let fields = repeated(plain("fields", 1, own(Kind::Message, "Struct.FieldsEntry")));
    let kinds = [
        ("null_value", own(Kind::Enum, "NullValue")),
        ("number_value", scalar(Kind::Double)),
        ("string_value", scalar(Kind::String)),
        ("bool_value", scalar(Kind::Bool)),
        ("struct_value", own(Kind::Message, "Struct")),
        ("list_value", own(Kind::Message, "ListValue")),
    ];
    let kinds = (1..)
        .zip(kinds)
        .map(|(number, (name, of))| FieldDescriptorProto {
            oneof_index: Some(0),
            ..plain(name, number, of)
        });
    let values = repeated(plain("values", 1, own(Kind::Message, "Value")));
    vec![
        DescriptorProto {
            nested_type: vec![entry(
                "FieldsEntry".to_owned(),
                Kind::String,
                own(Kind::Message, "Value"),
            )],
            ..message("Struct", vec![fields])
        },
        DescriptorProto {
            oneof_decl: vec![OneofDescriptorProto {
                name: "kind".to_owned(),
            }],
            ..message("Value", kinds.collect())
        },
        message("ListValue", vec![values]),
    ]
}

fn scalar(kind: Kind) -> Leaf {
    Leaf { kind, name: None }
}

fn own(kind: Kind, name: &str) -> Leaf {
    Leaf {
        kind,
        name: Some(format!(".google.protobuf.{name}")),
    }
}
