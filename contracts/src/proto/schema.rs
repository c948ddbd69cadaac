//! Descriptors as data, and as bytes: `google/protobuf/descriptor.proto`, as
//! far as contracts need it, under its own names.
//!
//! prost-types has all of it. But the code of every contract with numbers holds
//! its descriptors, for gRPC's reflection, and the builds of all users would
//! wait for prost, whether they speak gRPC or not.

/// What can be a field of a message. It is written with its number.
trait Field {
    fn put(&self, number: u32, out: &mut Vec<u8>);
}

/// Messages by their fields: number, name, type.
macro_rules! messages {
    ($($(#[$docs:meta])* $message:ident { $($number:literal $field:ident: $ty:ty,)* })*) => {$(
        $(#[$docs])*
        #[derive(Debug, Clone, Default, PartialEq)]
        pub(crate) struct $message {
            $(pub(crate) $field: $ty,)*
        }

        impl Field for $message {
            fn put(&self, number: u32, out: &mut Vec<u8>) {
                let mut message = Vec::new();
                $(self.$field.put($number, &mut message);)*
                put_bytes(number, &message, out);
            }
        }
    )*};
}

messages! {
    FileDescriptorProto {
        1 name: String,
        2 package: String,
        3 dependency: Vec<String>,
        4 message_type: Vec<DescriptorProto>,
        5 enum_type: Vec<EnumDescriptorProto>,
        6 service: Vec<ServiceDescriptorProto>,
        9 source_code_info: Option<SourceCodeInfo>,
        12 syntax: String,
    }
    DescriptorProto {
        1 name: String,
        2 field: Vec<FieldDescriptorProto>,
        3 nested_type: Vec<DescriptorProto>,
        7 options: Option<MessageOptions>,
        8 oneof_decl: Vec<OneofDescriptorProto>,
        9 reserved_range: Vec<ReservedRange>,
        10 reserved_name: Vec<String>,
    }
    MessageOptions {
        3 deprecated: bool,
        7 map_entry: bool,
    }
    FieldDescriptorProto {
        1 name: String,
        3 number: i32,
        4 label: Label,
        5 kind: Kind,
        6 type_name: Option<String>,
        8 options: Option<FieldOptions>,
        9 oneof_index: Option<i32>,
        17 proto3_optional: bool,
    }
    FieldOptions {
        3 deprecated: bool,
    }
    OneofDescriptorProto {
        1 name: String,
    }
    EnumDescriptorProto {
        1 name: String,
        2 value: Vec<EnumValueDescriptorProto>,
        3 options: Option<EnumOptions>,
        4 reserved_range: Vec<ReservedRange>,
        5 reserved_name: Vec<String>,
    }
    EnumOptions {
        3 deprecated: bool,
    }
    EnumValueDescriptorProto {
        1 name: String,
        2 number: i32,
        3 options: Option<EnumValueOptions>,
    }
    EnumValueOptions {
        1 deprecated: bool,
    }
    /// Of messages its end is excluded, of enums included.
    ReservedRange {
        1 start: i32,
        2 end: i32,
    }
    ServiceDescriptorProto {
        1 name: String,
        2 method: Vec<MethodDescriptorProto>,
        3 options: Option<ServiceOptions>,
    }
    ServiceOptions {
        33 deprecated: bool,
    }
    MethodDescriptorProto {
        1 name: String,
        2 input_type: String,
        3 output_type: String,
        4 options: Option<MethodOptions>,
        5 client_streaming: bool,
        6 server_streaming: bool,
    }
    MethodOptions {
        33 deprecated: bool,
        34 idempotency_level: Option<IdempotencyLevel>,
    }
    SourceCodeInfo {
        1 location: Vec<Location>,
    }
    Location {
        1 path: Vec<i32>,
        2 span: Vec<i32>,
        3 leading_comments: Option<String>,
        6 leading_detached_comments: Vec<String>,
    }
}

/// The bytes of a `FileDescriptorSet`.
pub(crate) fn encode(files: &[FileDescriptorProto]) -> Vec<u8> {
    let mut out = Vec::new();
    files.iter().for_each(|file| file.put(1, &mut out));
    out
}

/// `FieldDescriptorProto.Label`
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(crate) enum Label {
    #[default]
    Optional = 1,
    Repeated = 3,
}

/// `FieldDescriptorProto.Type`, without those that no contract has.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(crate) enum Kind {
    #[default]
    Double = 1,
    Float = 2,
    Int64 = 3,
    Uint64 = 4,
    Int32 = 5,
    Bool = 8,
    String = 9,
    Message = 11,
    Bytes = 12,
    Uint32 = 13,
    Enum = 14,
}

/// `MethodOptions.IdempotencyLevel`
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum IdempotencyLevel {
    Idempotent = 2,
}

impl Field for Label {
    fn put(&self, number: u32, out: &mut Vec<u8>) {
        (*self as i32).put(number, out);
    }
}

impl Field for Kind {
    fn put(&self, number: u32, out: &mut Vec<u8>) {
        (*self as i32).put(number, out);
    }
}

impl Field for IdempotencyLevel {
    fn put(&self, number: u32, out: &mut Vec<u8>) {
        (*self as i32).put(number, out);
    }
}

impl Field for String {
    fn put(&self, number: u32, out: &mut Vec<u8>) {
        put_bytes(number, self.as_bytes(), out);
    }
}

impl Field for i32 {
    fn put(&self, number: u32, out: &mut Vec<u8>) {
        put_tag(number, 0, out);
        // Negative ones are written as 64 bits.
        put_varint(i64::from(*self) as u64, out);
    }
}

/// What is not said is `false`.
impl Field for bool {
    fn put(&self, number: u32, out: &mut Vec<u8>) {
        if *self {
            1.put(number, out);
        }
    }
}

impl<T: Field> Field for Option<T> {
    fn put(&self, number: u32, out: &mut Vec<u8>) {
        self.iter().for_each(|field| field.put(number, out));
    }
}

impl<T: Field> Field for Vec<T> {
    fn put(&self, number: u32, out: &mut Vec<u8>) {
        self.iter().for_each(|field| field.put(number, out));
    }
}

fn put_bytes(number: u32, bytes: &[u8], out: &mut Vec<u8>) {
    put_tag(number, 2, out);
    put_varint(bytes.len() as u64, out);
    out.extend_from_slice(bytes);
}

fn put_tag(number: u32, wire_type: u32, out: &mut Vec<u8>) {
    put_varint(u64::from(number << 3 | wire_type), out);
}

fn put_varint(mut value: u64, out: &mut Vec<u8>) {
    while value >= 0x80 {
        out.push(value as u8 | 0x80);
        value >>= 7;
    }
    out.push(value as u8);
}
