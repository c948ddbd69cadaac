//! The contract as plain data: names, types, docs and spans.
//!
//! The model knows nothing of files on disk, Cargo or environment variables,
//! and nothing of Rust syntax beyond the spans that point back into it.
//! `parse` makes it, `types` resolves its names, `check` judges it, `emit`
//! turns it into Rust.

mod operation;

pub use self::operation::{
    Delivery, GrpcMethod, Operation, OperationKind, Pattern, PatternPart, PatternValue, Service,
};

use proc_macro2::Span;

/// All the files of one contract root, in the order of their paths.
#[derive(Debug, Clone, Default)]
pub struct Contract {
    /// One entry a file; the inline form has exactly one.
    pub files: Vec<File>,
}

/// One contract file, which becomes one Rust module.
#[derive(Debug, Clone)]
pub struct File {
    /// The path shown to the user, such as `contracts/users.rs`.
    pub path: String,
    /// The module that the file becomes: its path below the root, one name a level.
    pub module: Vec<String>,
    /// The whole text, for snippets; empty in the inline form.
    pub source: String,
    /// The `//!` lines at the top.
    pub docs: Docs,
    /// What `#![contract(..)]` says.
    pub header: Header,
    /// `use crate::common::Money;`, one entry a name.
    pub imports: Vec<Import>,
    /// Types in the order of the file.
    pub types: Vec<TypeDef>,
    /// Services in the order of the file.
    pub services: Vec<Service>,
    /// Names of items that could not be read. Using one is not reported again.
    pub broken: Vec<String>,
    /// Whether the file could not be read at all, so that any name may be its.
    pub unread: bool,
}

/// `#![contract(package = "acme.users.v1", rename_all = "camelCase")]`.
#[derive(Debug, Clone)]
pub struct Header {
    /// The package with its breaking version, and where it is written.
    pub package: Spanned<String>,
    /// How names are written on the wire.
    pub rename_all: Option<RenameRule>,
    /// The encodings that the contract can be carried in. JSON is always one.
    pub proto: Option<Span>,
}

/// A value and where the user wrote it.
#[derive(Debug, Clone)]
pub struct Spanned<T> {
    /// The value.
    pub value: T,
    /// Where it stands.
    pub span: Span,
}

/// A doc comment, one entry a line, as written after `///`.
pub type Docs = Vec<String>;

/// A name as the contract writes it, without `r#`, and its name on the wire.
#[derive(Debug, Clone)]
pub struct Name {
    /// The Rust name. A keyword is kept without its `r#`.
    pub rust: String,
    /// The wire name: `#[name]`, else `rename_all` applied, else `rust`.
    pub wire: String,
    /// Where the name is written.
    pub span: Span,
}

/// How `rename_all` writes names.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum RenameRule {
    /// `userId`
    Camel,
    /// `user_id`
    Snake,
    /// `UserId`
    Pascal,
    /// `user-id`
    Kebab,
    /// `USER_ID`
    ScreamingSnake,
}

/// `use crate::common::Money;`
#[derive(Debug, Clone)]
pub struct Import {
    /// The module that the name comes from, from the contract root.
    pub module: Vec<String>,
    /// The imported type.
    pub name: Name,
    /// What it is, once names are resolved; `None` for a mistake already reported.
    pub target: Option<TypeId>,
}

/// `#[deprecated(since = "..", note = "..")]`.
#[derive(Debug, Clone, Default)]
pub struct Deprecated {
    /// The version that deprecated it.
    pub since: Option<String>,
    /// What to use instead.
    pub note: Option<String>,
}

/// A declared type.
#[derive(Debug, Clone)]
pub struct TypeDef {
    /// Its name. Types keep their Rust name on the wire.
    pub name: Name,
    /// Its doc comment.
    pub docs: Docs,
    /// Whether callers are warned.
    pub deprecated: Option<Deprecated>,
    /// `#[reserved(3, "nick_name")]`.
    pub reserved: Vec<Spanned<Reserved>>,
    /// What it is.
    pub kind: TypeKind,
}

/// One retired number or name.
#[derive(Debug, Clone)]
pub enum Reserved {
    /// A number that no field may use again.
    Number(u32),
    /// A name that no field may use again.
    Name(String),
}

/// What a declared type is.
#[derive(Debug, Clone)]
pub enum TypeKind {
    /// `pub struct User { .. }`
    Struct(Vec<Field>),
    /// `pub struct UserId(pub Uuid);`, transparent on every wire.
    Newtype(Newtype),
    /// `pub type Users = Vec<User>;`
    Alias(Type),
    /// `pub enum Role { Admin, Member }`
    UnitEnum(UnitEnum),
    /// `#[tag("type")] pub enum Payment { Card { .. }, Cash {} }`
    DataEnum(DataEnum),
    /// An enum whose every variant has `#[error(..)]`.
    ErrorEnum(ErrorEnum),
}

/// A transparent wrapper.
#[derive(Debug, Clone)]
pub struct Newtype {
    /// The wrapped type.
    pub ty: Type,
    /// `#[check(..)]` on the newtype.
    pub checks: Vec<Check>,
}

/// A field of a struct or of a variant, or an argument of an operation.
#[derive(Debug, Clone)]
pub struct Field {
    /// Its name.
    pub name: Name,
    /// Its doc comment.
    pub docs: Docs,
    /// Whether users are warned.
    pub deprecated: Option<Deprecated>,
    /// Its type.
    pub ty: Type,
    /// `#[n(1)]`.
    pub number: Option<Spanned<u32>>,
    /// `#[default(20)]`.
    pub default: Option<Spanned<DefaultValue>>,
    /// `#[check(..)]`.
    pub checks: Vec<Check>,
    /// `#[json(string)]`.
    pub json_string: Option<Span>,
    /// `#[payload]`, on arguments only.
    pub payload: Option<Span>,
    /// `rows: Stream<User>`, on the one argument of a message: `ty` is the
    /// type of an item.
    pub stream: Option<Span>,
}

/// What an absent field is read as.
#[derive(Debug, Clone, PartialEq)]
pub enum DefaultValue {
    /// `#[default]`: an empty list or map.
    Empty,
    /// `#[default(true)]`
    Bool(bool),
    /// `#[default(-20)]`
    Int(i128),
    /// `#[default(0.5)]`
    Float(f64),
    /// `#[default("text")]`
    Text(String),
    /// `#[default(Member)]`: a variant of a unit enum.
    Variant(String),
}

/// One rule of `#[check(..)]`.
#[derive(Debug, Clone)]
pub struct Check {
    /// The rule.
    pub kind: CheckKind,
    /// Where it is written.
    pub span: Span,
}

/// What a value must satisfy.
#[derive(Debug, Clone, PartialEq)]
pub enum CheckKind {
    /// `len = 1..=20`: code points of strings, bytes of `Bytes`, items of lists and maps.
    Len {
        /// The least length.
        min: Option<u64>,
        /// The greatest length, included.
        max: Option<u64>,
    },
    /// `range = 0..=150`
    Range {
        /// The least value.
        min: Option<Bound>,
        /// The greatest value, included.
        max: Option<Bound>,
    },
    /// `pattern = "^[a-z]+$"`
    Pattern(String),
    /// `unique`: no two items of a list are equal.
    Unique,
}

/// One end of a range.
#[derive(Debug, Clone, PartialEq)]
pub enum Bound {
    /// For integers.
    Int(i128),
    /// For floats.
    Float(f64),
    /// For `Decimal` and `Duration`.
    Text(String),
}

/// An enum of names: a JSON string.
#[derive(Debug, Clone)]
pub struct UnitEnum {
    /// `#[non_exhaustive]`: may grow, so unknown values are kept.
    pub open: bool,
    /// The values.
    pub variants: Vec<Variant>,
}

/// An enum of objects, told apart by a tag inside the object.
#[derive(Debug, Clone)]
pub struct DataEnum {
    /// `#[non_exhaustive]`: may grow, so unknown variants are kept.
    pub open: bool,
    /// The key of the tag: `type` unless `#[tag("..")]` says otherwise.
    pub tag: Spanned<String>,
    /// The variants; a unit variant has no fields.
    pub variants: Vec<Variant>,
}

/// The errors that operations declare. Always open.
#[derive(Debug, Clone)]
pub struct ErrorEnum {
    /// The errors.
    pub variants: Vec<ErrorVariant>,
}

/// One variant of a unit or data enum.
#[derive(Debug, Clone)]
pub struct Variant {
    /// Its name; the wire name is the JSON string or the value of the tag.
    pub name: Name,
    /// Its doc comment.
    pub docs: Docs,
    /// Whether users are warned.
    pub deprecated: Option<Deprecated>,
    /// `= 1`.
    pub number: Option<Spanned<u32>>,
    /// Its fields.
    pub fields: Vec<Field>,
    /// Whether it was written with braces: `Cash {}` and `Cash` differ in Rust only.
    pub braces: bool,
}

/// One variant of an error enum.
#[derive(Debug, Clone)]
pub struct ErrorVariant {
    /// The variant itself.
    pub variant: Variant,
    /// The kind, which decides HTTP and gRPC status.
    pub kind: Spanned<ErrorKind>,
    /// `"User {id} not found"`, split at its placeholders.
    pub message: Spanned<Vec<MessagePart>>,
    /// The names in the message's placeholders, with their places.
    pub placeholders: Vec<Spanned<String>>,
    /// `code = "EMAIL_TAKEN"`, else the variant in `SCREAMING_SNAKE_CASE`.
    pub code: Spanned<String>,
    /// Whether trying again can help.
    pub retryable: bool,
}

/// A piece of an error message.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum MessagePart {
    /// Text, with `{{` and `}}` already read.
    Text(String),
    /// `{id}`: a field of the variant.
    Field(String),
}

/// The kinds of error: one table to HTTP and gRPC (`anywire::Kind` has the same names).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[expect(
    missing_docs,
    reason = "each is named after its gRPC code; the table is in `language.md` of the guide"
)]
pub enum ErrorKind {
    Invalid,
    Unauthenticated,
    Forbidden,
    NotFound,
    Conflict,
    Aborted,
    FailedPrecondition,
    Exhausted,
    Internal,
    Unimplemented,
    Unavailable,
    Deadline,
}

/// A type as it is used in a field, an argument or a return.
#[derive(Debug, Clone)]
pub struct Type {
    /// What it is.
    pub kind: TypeRef,
    /// Where it is written.
    pub span: Span,
}

/// The closed set of type forms.
#[derive(Debug, Clone)]
pub enum TypeRef {
    /// `()`: `{}` on the wire.
    Unit,
    /// A type of the vocabulary.
    Scalar(Scalar),
    /// `Option<T>`
    Option(Box<Type>),
    /// `Vec<T>`
    Vec(Box<Type>),
    /// `BTreeMap<K, V>` or `HashMap<K, V>`
    Map {
        /// Whether the user wrote `BTreeMap`.
        sorted: bool,
        /// The keys.
        key: Box<Type>,
        /// The values.
        value: Box<Type>,
    },
    /// `Box<T>`
    Box(Box<Type>),
    /// A type of this file or an imported one. `types` fills in where it is defined.
    Named {
        /// The name as written.
        name: String,
        /// Index of the file and of the type in it; `None` before names are
        /// resolved, and after that for a name already reported as unknown.
        target: Option<TypeId>,
    },
}

/// Where a declared type stands: index of its file, index of the type in the file.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct TypeId {
    /// Index into [`Contract::files`].
    pub file: usize,
    /// Index into [`File::types`].
    pub index: usize,
}

/// The scalars of the vocabulary.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[expect(missing_docs, reason = "each is the type of its name")]
pub enum Scalar {
    Bool,
    I8,
    I16,
    I32,
    I64,
    U8,
    U16,
    U32,
    U64,
    F32,
    F64,
    String,
    Bytes,
    Uuid,
    Decimal,
    Date,
    Timestamp,
    Duration,
    Json,
}
