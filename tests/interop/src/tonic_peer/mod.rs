//! A peer that knows nothing of ours but the exported .proto, which it compiles
//! as tonic's users do.

pub(crate) mod client;
pub(crate) mod server;
mod status;
mod uploads;

/// What Cargo.lock holds; tonic itself does not say.
pub(crate) const VERSION: &str = "0.14";

/// What is generated.
#[expect(unreachable_pub, reason = "tonic writes all as public")]
#[allow(dead_code, reason = "of errors only the variants are used")]
mod proto {
    pub(crate) mod interop {
        tonic::include_proto!("interop.v1");
    }
    pub(crate) mod nest_only {
        tonic::include_proto!("interop.nest.v1");
    }
    pub(crate) mod uploads {
        tonic::include_proto!("interop.uploads.v1");
    }
}
