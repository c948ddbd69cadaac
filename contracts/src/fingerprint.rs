//! The fingerprint of an operation: a hash of what of it is on the wire, by
//! which two peers find out that their contracts differ.
//!
//! It is a hash of a text that says the kind of the operation, its route, and
//! the shapes of what is sent, answered and failed with:
//!
//! ```text
//! message "users.get" {"id" 1: Uuid} -> {"email" 2: String, "id" 1: Uuid} ! "acme.users.v1.UserError" ..
//! ```
//!
//! | Contract | Text |
//! |---|---|
//! | a struct, arguments | `{"name" 1: String, ..}`, by the names on the wire |
//! | the same with a default, whatever that is | `"name" 1 or default: String` |
//! | `#[json(string)]` | `"name" 1: text u64` |
//! | a `#[payload]` that is no struct | `1: String`, as protobuf has it in a message |
//! | newtypes, aliases, `Box` | what is in them |
//! | a unit enum | `("admin" 1 \| "member" 2)` |
//! | an enum with data | `"type" ("card" 1 {..} \| "cash" 2 {})` |
//! | a declared type that the text already has | `#0`, by its place among them |
//!
//! There are numbers where the contract is encoded as protobuf. Docs, names in
//! Rust, the order of declarations, `#[non_exhaustive]`, checks, timeouts and
//! delivery are in none of it; the name of an error enum is, since it travels.

use crate::json::quote;
use crate::model::{
    Contract, Field, File, Operation, OperationKind, Pattern, Type, TypeId, TypeKind, TypeRef,
    Variant,
};
use crate::pattern;
use crate::proto::bodies::{self, Body, Member};
use crate::types::show;

/// The fingerprint, as sixteen hexadecimal digits.
///
/// It never changes for one and the same wire: peers of any two releases compare it.
pub(crate) fn of(contract: &Contract, file: &File, operation: &Operation) -> String {
    format!("{:016x}", hash(&text(contract, file, operation)))
}

/// FNV-1a: nobody is to be kept from making two texts of one hash, and those
/// that differ in one byte never have it.
fn hash(text: &str) -> u64 {
    text.bytes().fold(0xcbf2_9ce4_8422_2325, |hash, byte| {
        (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3)
    })
}

fn text(contract: &Contract, file: &File, operation: &Operation) -> String {
    let mut text = Text {
        contract,
        has_proto: file.header.proto.is_some(),
        known: Vec::new(),
        out: String::new(),
    };
    text.operation(operation);
    text.out
}

/// The text as far as it is written.
struct Text<'a> {
    contract: &'a Contract,
    has_proto: bool,
    /// The declared types that it has, by their places.
    known: Vec<TypeId>,
    out: String,
}

impl<'a> Text<'a> {
    fn operation(&mut self, operation: &'a Operation) {
        self.put(match operation.kind {
            OperationKind::Message => "message ",
            OperationKind::Oneway => "oneway ",
            OperationKind::Event => "event ",
        });
        self.quoted(&match &operation.pattern.value {
            Pattern::Wildcards(parts) => pattern::with_wildcards(parts, |_| "{}".to_owned()),
            pattern => pattern::route(pattern),
        });
        self.put(" ");
        self.request(operation);
        if operation.kind != OperationKind::Message {
            return;
        }
        self.put(" -> ");
        if operation.streams_reply.is_some() {
            self.put("stream ");
        }
        self.ty(&operation.returns);
        if let Some(error) = &operation.error {
            self.put(" ! ");
            self.ty(error);
        }
    }

    fn request(&mut self, operation: &'a Operation) {
        let Some(bare) = operation.bare() else {
            return self.object(&operation.args);
        };
        if bare.stream.is_some() {
            self.put("stream ");
        }
        // Protobuf has it in a message of its own, unless it is one.
        if self.has_proto
            && let Body::Made { members, .. } = bodies::request(self.contract, operation)
            && let [Member { number, .. }] = &*members
        {
            self.put(&format!("{number}: "));
        }
        self.field_type(bare);
    }

    /// Fields in the order of their names.
    fn object(&mut self, fields: &'a [Field]) {
        let mut members: Vec<(u32, &Field)> = bodies::members(fields)
            .into_iter()
            .zip(fields)
            .map(|(member, field)| (member.number, field))
            .collect();
        members.sort_by_key(|(_, field)| &field.name.wire);
        self.put("{");
        for (at, (number, field)) in members.into_iter().enumerate() {
            self.put(if at == 0 { "" } else { ", " });
            self.quoted(&field.name.wire);
            self.number(Some(number));
            self.put(if field.default.is_some() {
                " or default: "
            } else {
                ": "
            });
            self.field_type(field);
        }
        self.put("}");
    }

    fn field_type(&mut self, field: &'a Field) {
        if field.json_string.is_some() {
            self.put("text ");
        }
        self.ty(&field.ty);
    }

    fn ty(&mut self, ty: &'a Type) {
        // Every name of a checked contract stands for something.
        let ty = self.contract.on_the_wire(ty).unwrap_or(ty);
        match &ty.kind {
            TypeRef::Unit | TypeRef::Scalar(_) => self.put(&show(ty)),
            TypeRef::Box(inner) => self.ty(inner),
            TypeRef::Option(inner) => self.around("Option", &[inner]),
            TypeRef::Vec(inner) => self.around("Vec", &[inner]),
            TypeRef::Map { key, value, .. } => self.around("Map", &[key, value]),
            TypeRef::Named { target, .. } => {
                if let Some(id) = target {
                    self.declared(*id);
                }
            }
        }
    }

    fn around(&mut self, name: &str, types: &[&'a Type]) {
        self.put(name);
        self.put("<");
        for (at, ty) in types.iter().enumerate() {
            self.put(if at == 0 { "" } else { ", " });
            self.ty(ty);
        }
        self.put(">");
    }

    fn declared(&mut self, id: TypeId) {
        if let Some(place) = self.known.iter().position(|known| *known == id) {
            return self.put(&format!("#{place}"));
        }
        self.known.push(id);
        let Some(def) = self.contract.type_def(id) else {
            return;
        };
        match &def.kind {
            TypeKind::Struct(fields) => self.object(fields),
            TypeKind::UnitEnum(unit) => self.variants(&unit.variants, |_, _| {}),
            TypeKind::DataEnum(data) => {
                self.quoted(&data.tag.value);
                self.put(" ");
                self.variants(&data.variants, |text, variant| {
                    text.put(" ");
                    text.object(&variant.fields);
                });
            }
            TypeKind::ErrorEnum(error) => {
                let package = &self.contract.files[id.file].header.package.value;
                self.quoted(&format!("{package}.{}", def.name.rust));
                let mut errors: Vec<_> = error.variants.iter().collect();
                errors.sort_by_key(|error| &error.code.value);
                for error in errors {
                    self.put(" | ");
                    self.quoted(&error.code.value);
                    self.variant_number(&error.variant);
                    self.put(&format!(" {:?} ", error.kind.value));
                    self.object(&error.variant.fields);
                }
            }
            // They are never what a name stands for on the wire.
            TypeKind::Newtype(_) | TypeKind::Alias(_) => {}
        }
    }

    /// Variants in the order of their names.
    fn variants(&mut self, variants: &'a [Variant], rest: impl Fn(&mut Self, &'a Variant)) {
        let mut variants: Vec<&Variant> = variants.iter().collect();
        variants.sort_by_key(|variant| &variant.name.wire);
        self.put("(");
        for (at, variant) in variants.into_iter().enumerate() {
            self.put(if at == 0 { "" } else { " | " });
            self.quoted(&variant.name.wire);
            self.variant_number(variant);
            rest(self, variant);
        }
        self.put(")");
    }

    fn variant_number(&mut self, variant: &Variant) {
        self.number(variant.number.as_ref().map(|number| number.value));
    }

    fn number(&mut self, number: Option<u32>) {
        if let Some(number) = number.filter(|_| self.has_proto) {
            self.put(&format!(" {number}"));
        }
    }

    fn quoted(&mut self, text: &str) {
        self.put(&quote(text));
    }

    fn put(&mut self, text: &str) {
        self.out.push_str(text);
    }
}

#[cfg(test)]
mod tests;
