//! A module whose name is a keyword, and names that generated code uses itself.
#![contract(package = "hostile.names.v1")]

/// Named like a derive and its trait.
pub struct Clone {
    pub from: String,
    pub to: Option<u8>,
    pub object: Into,
    pub field: u8,
    #[check(len = 1..)]
    pub violations: Option<String>,
    #[check(range = 1..)]
    pub value: Option<u8>,
    pub f: bool,
    pub details: T,
    pub code: Option<Box<Clone>>,
    pub request: u8,
    pub self_: H,
    pub anywire: String,
    #[default(Some)]
    pub None: Some_,
    pub _hidden: u8,
    pub r#type: Debug,
    pub r#gen: Vec<Default>,
    #[name("other")]
    pub type_: u8,
    #[check(pattern = "^a")]
    pub r#static: String,
}

pub struct Into(pub String);
/// Named like a generic parameter.
pub struct T {}
pub struct H(pub T);
pub struct L(pub BTreeMap<Key, Send>);
pub struct Key(pub u64);
pub struct Send {
    pub r#async: HashMap<String, P>,
}
pub struct P {}
/// Named like a variable, which no newtype can be.
pub struct from {
    pub x: u8,
}

pub enum Some_ {
    None,
    Some,
    Ok,
    Err,
    r#Type,
}

#[non_exhaustive]
pub enum Default {
    Self_,
    Default,
    #[name("Unknown")]
    Unknown_,
}

#[non_exhaustive]
#[tag("self")]
pub enum Debug {
    Debug {
        to: String,
        from: from,
        r#fn: Option<u8>,
    },
    #[name("r#type")]
    Error {
        #[json(string)]
        object: Option<u64>,
        #[check(len = 1..)]
        violations: String,
    },
    Result,
}

pub enum Error {
    #[error(internal, "{f} {{}} {type} {self_} {to}")]
    Error {
        f: u8,
        r#type: String,
        self_: bool,
        to: String,
        details: L,
    },
    #[error(internal, "nothing", retryable)]
    None,
    #[error(not_found, "{code}")]
    Ok { code: u8, from: from },
}
