//! Names that tests do not share.

use std::sync::atomic::{AtomicU32, Ordering};

/// A name that begins with this one, and that no other test and no other run uses.
///
/// It is good for a channel of Redis, a subject, stream or consumer of NATS,
/// a queue or exchange of RabbitMQ, and a topic or group of Kafka.
#[must_use]
pub fn unique(name: &str) -> String {
    static COUNT: AtomicU32 = AtomicU32::new(0);
    let count = COUNT.fetch_add(1, Ordering::Relaxed);
    // Containers that share a broker count processes each from one, hence the random part.
    let random = fastrand::u32(..);
    format!("{name}-{}-{count}-{random:08x}", std::process::id())
}

#[cfg(test)]
mod tests;
