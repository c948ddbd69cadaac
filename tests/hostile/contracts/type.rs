//! A module whose name is a keyword, and names that generated code uses itself.
#![contract(package = "hostile.names.v1", encodings(json, proto))]

/// Named like a derive and its trait.
pub struct Clone {
    #[n(1)]
    pub from: String,
    #[n(2)]
    pub to: Option<u8>,
    #[n(3)]
    pub object: Into,
    #[n(4)]
    pub field: u8,
    #[n(5)]
    #[check(len = 1..)]
    pub violations: Option<String>,
    #[n(6)]
    #[check(range = 1..)]
    pub value: Option<u8>,
    #[n(7)]
    pub f: bool,
    #[n(8)]
    pub details: T,
    #[n(9)]
    pub code: Option<Box<Clone>>,
    #[n(10)]
    pub request: u8,
    #[n(11)]
    pub self_: H,
    #[n(12)]
    pub anywire: String,
    #[n(13)]
    #[default(Some)]
    pub None: Some_,
    #[n(14)]
    pub _hidden: u8,
    #[n(15)]
    pub r#type: Debug,
    #[n(16)]
    pub r#gen: Vec<Default>,
    #[n(17)]
    #[name("other")]
    pub type_2: u8,
    #[n(18)]
    #[check(pattern = "^a")]
    pub r#static: String,
    #[n(19)]
    pub message: Option<Into>,
}

pub struct Into(pub String);
/// Named like a generic parameter.
pub struct T {}
pub struct H(pub T);
pub struct L(pub BTreeMap<Key, Send>);
pub struct Key(pub u64);
pub struct Send {
    #[n(1)]
    pub r#async: HashMap<String, P>,
}
pub struct P {}
/// Named like a variable, which no newtype can be.
pub struct from {
    #[n(1)]
    pub x: u8,
}

pub enum Some_ {
    None = 1,
    Some = 2,
    Ok = 3,
    Err = 4,
    r#Type = 5,
}

#[non_exhaustive]
pub enum Default {
    Self_ = 1,
    Default = 2,
    #[name("Unknown")]
    Unknown_ = 3,
}

#[non_exhaustive]
#[tag("self")]
pub enum Debug {
    Debug {
        #[n(1)]
        to: String,
        #[n(2)]
        from: from,
        #[n(3)]
        r#fn: Option<u8>,
    } = 1,
    #[name("r#type")]
    Error {
        #[n(1)]
        #[json(string)]
        object: Option<u64>,
        #[n(2)]
        #[check(len = 1..)]
        violations: String,
    } = 2,
    Result = 3,
}

pub enum Error {
    #[error(internal, "{f} {{}} {type} {self_} {to}")]
    Error {
        #[n(1)]
        f: u8,
        #[n(2)]
        r#type: String,
        #[n(3)]
        self_: bool,
        #[n(4)]
        to: String,
        #[n(5)]
        details: L,
    } = 1,
    #[error(internal, "nothing", retryable)]
    None = 2,
    #[error(not_found, "{code}")]
    Ok {
        #[n(1)]
        code: u8,
        #[n(2)]
        from: from,
    } = 3,
}
