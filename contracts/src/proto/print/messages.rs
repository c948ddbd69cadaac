//! Messages and enums as text.

use super::Page;
use crate::proto::schema::{
    DescriptorProto, EnumDescriptorProto, FieldDescriptorProto, Kind, Label,
};

/// A message with all that stands inside. `scope` is its own full name.
pub(super) fn message(page: &mut Page<'_>, message: &DescriptorProto, scope: &str, path: &[i32]) {
    page.blank();
    page.comment(path);
    page.open(&format!("message {}", message.name));
    if message
        .options
        .as_ref()
        .is_some_and(|options| options.deprecated)
    {
        page.line("option deprecated = true;");
    }
    let numbers = message
        .reserved_range
        .iter()
        .map(|range| range.start.to_string());
    reserved(page, numbers, &message.reserved_name);
    let mut opened = None;
    for (at, field) in (0..).zip(&message.field) {
        // The `oneof` of an optional field is not written.
        let one_of = field.oneof_index.filter(|_| !field.proto3_optional);
        if one_of != opened {
            close(page, opened);
            if let Some(name) = one_of.and_then(|at| name_of(message, at)) {
                page.open(&format!("oneof {name}"));
            }
            opened = one_of;
        }
        page.apart(&[path, &[2, at]].concat());
        let text = field_text(page, message, field, scope);
        page.line(&text);
    }
    close(page, opened);
    for (at, nested) in (0..).zip(&message.nested_type) {
        if !is_entry(nested) {
            let scope = format!("{scope}.{}", nested.name);
            self::message(page, nested, &scope, &[path, &[3, at]].concat());
        }
    }
    page.close();
}

fn close(page: &mut Page<'_>, opened: Option<i32>) {
    if opened.is_some() {
        page.close();
    }
}

fn name_of(message: &DescriptorProto, one_of: i32) -> Option<&str> {
    let at = usize::try_from(one_of).ok()?;
    message.oneof_decl.get(at).map(|one_of| &*one_of.name)
}

fn is_entry(message: &DescriptorProto) -> bool {
    message
        .options
        .as_ref()
        .is_some_and(|options| options.map_entry)
}

fn reserved(page: &mut Page<'_>, numbers: impl Iterator<Item = String>, names: &[String]) {
    let numbers: Vec<String> = numbers.collect();
    if !numbers.is_empty() {
        page.line(&format!("reserved {};", numbers.join(", ")));
    }
    if !names.is_empty() {
        let names: Vec<String> = names.iter().map(|name| format!("\"{name}\"")).collect();
        page.line(&format!("reserved {};", names.join(", ")));
    }
    page.blank();
}

/// `optional string email = 2;`
fn field_text(
    page: &Page<'_>,
    message: &DescriptorProto,
    field: &FieldDescriptorProto,
    scope: &str,
) -> String {
    let entry = message
        .nested_type
        .iter()
        .find(|nested| is_entry(nested) && type_name(field) == format!(".{scope}.{}", nested.name));
    let ty = match entry.map(|entry| &*entry.field) {
        Some([key, value]) => {
            let (key, value) = (type_text(page, key, scope), type_text(page, value, scope));
            format!("map<{key}, {value}>")
        }
        _ => {
            let label = match field.label {
                Label::Repeated => "repeated ",
                _ if field.proto3_optional => "optional ",
                _ => "",
            };
            format!("{label}{}", type_text(page, field, scope))
        }
    };
    let deprecated = field
        .options
        .as_ref()
        .is_some_and(|options| options.deprecated);
    let options = if deprecated {
        " [deprecated = true]"
    } else {
        ""
    };
    format!("{ty} {} = {}{options};", field.name, field.number)
}

fn type_text(page: &Page<'_>, field: &FieldDescriptorProto, scope: &str) -> String {
    let text = match field.kind {
        Kind::Message | Kind::Enum => {
            return page.symbols.shown(type_name(field), scope, page.package);
        }
        Kind::Double => "double",
        Kind::Float => "float",
        Kind::Int64 => "int64",
        Kind::Uint64 => "uint64",
        Kind::Int32 => "int32",
        Kind::Bool => "bool",
        Kind::String => "string",
        Kind::Bytes => "bytes",
        Kind::Uint32 => "uint32",
    };
    text.to_owned()
}

/// The full name of the message or the enum that a field holds.
fn type_name(field: &FieldDescriptorProto) -> &str {
    field.type_name.as_deref().unwrap_or_default()
}

pub(super) fn enumeration(page: &mut Page<'_>, of: &EnumDescriptorProto, path: &[i32]) {
    page.blank();
    page.comment(path);
    page.open(&format!("enum {}", of.name));
    if of
        .options
        .as_ref()
        .is_some_and(|options| options.deprecated)
    {
        page.line("option deprecated = true;");
    }
    let numbers = of
        .reserved_range
        .iter()
        .map(|range| range.start.to_string());
    reserved(page, numbers, &of.reserved_name);
    for (at, value) in (0..).zip(&of.value) {
        page.apart(&[path, &[2, at]].concat());
        let deprecated = value
            .options
            .as_ref()
            .is_some_and(|options| options.deprecated);
        let options = if deprecated {
            " [deprecated = true]"
        } else {
            ""
        };
        page.line(&format!("{} = {}{options};", value.name, value.number));
    }
    page.close();
}
