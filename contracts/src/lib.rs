//! The contract compiler: from contract files to typed Rust clients and servers.
//!
//! A contract says which messages a service answers, which events it
//! publishes, what they carry and how they can fail:
//!
//! ```
//! use anywire_contracts::{Source, compile};
//!
//! let users = Source::new("contracts/users.rs", ["users"], r#"
//!     #![contract(package = "acme.users.v1")]
//!
//!     pub struct User { pub id: u32, pub name: String }
//!
//!     pub enum UserError {
//!         #[error(not_found, "user {id} not found")]
//!         NotFound { id: u32 },
//!     }
//!
//!     #[service]
//!     pub trait Users {
//!         #[message({ cmd: "get_user" }, idempotent)]
//!         fn get_user(id: u32) -> Result<User, UserError>;
//!     }
//! "#);
//!
//! let (contract, findings) = compile(&[users]);
//! assert!(findings.is_empty());
//! assert!(contract.is_some());
//! ```
//!
//! A user's `build.rs` calls [`Build`], which reads the files of a folder,
//! compiles them and writes the Rust code:
//!
//! ```no_run
//! anywire_contracts::Build::new("contracts").run();
//! ```
//!
//! With the feature `proto` a checked contract is also there as `.proto` files
//! for other languages, which `Build` can write, and as prost's descriptors of these.
//!
//! The passes are `parse`, `types`, `check` and `emit`. All are pure; only
//! `Build` and [`read`] touch files, the environment and standard output.

mod attr;
mod case;
mod check;
mod checked;
mod compile;
mod diag;
mod duration;
mod emit;
mod fingerprint;
mod json;
pub mod model;
mod parse;
mod pattern;
mod proto;
mod rules;
mod similar;
mod types;

pub use checked::{
    CheckedContract, DescriptorSet, InlineContract, Source, compile, compile_inline,
};
pub use compile::{Build, ReadError, Sources, read};
pub use diag::{Diagnostic, Place, Severity, Style};
pub use emit::Options;
pub use pattern::{compare_keys, is_topic, packet_json, route};
#[cfg(feature = "proto")]
pub use proto::ProtoFile;
pub use rules::{RULES, Rule};
