//! Contracts as we compile them, and as prost compiles what we export.

anywire::include_contracts!();

/// What prost makes of the exported files.
#[allow(missing_docs, clippy::all, reason = "generated")]
pub mod theirs {
    /// `shared.v1`
    pub mod shared {
        /// The package.
        pub mod v1 {
            include!(concat!(env!("OUT_DIR"), "/shared.v1.rs"));
        }
    }

    /// `kinds.v1`
    pub mod kinds {
        /// The package.
        pub mod v1 {
            include!(concat!(env!("OUT_DIR"), "/kinds.v1.rs"));
        }
    }

    /// `later.v1`
    pub mod later {
        /// The package.
        pub mod v1 {
            include!(concat!(env!("OUT_DIR"), "/later.v1.rs"));
        }
    }
}
