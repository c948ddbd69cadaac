//! Types that hold others.
#![contract(package = "golden.containers.v1")]

use crate::scalars::Wide;

/// What holds other types.
pub struct Containers {
    pub list: Vec<Wide>,
    pub sorted: BTreeMap<Key, Wide>,
    pub hashed: HashMap<u32, String>,
    pub boxed: Option<Box<Containers>>,
}

/// A key of a map.
pub struct Key(pub String);

/// An alias.
pub type Names = Vec<String>;
