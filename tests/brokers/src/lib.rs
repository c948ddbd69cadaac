//! Real brokers for tests: each on a free loopback port, and gone when the test is.
//!
//! ```no_run
//! use anywire_brokers::{Error, Redis, names, unless_missing};
//!
//! #[tokio::main]
//! async fn main() -> Result<(), Error> {
//!     // One for all tests of this process. It is only an address, so no test can stop it.
//!     let Some(url) = unless_missing(Redis::shared_url().await) else {
//!         return Ok(());
//!     };
//!     let channel = names::unique("users");
//!     println!("{channel} on {url}");
//!
//!     // One for a single test, which does with it what it likes.
//!     let redis = Redis::new().password("secret").start().await?;
//!     redis.kill().await;
//!     redis.start_again().await?; // the same port, the same data
//!     println!("{} is back", redis.url());
//!     Ok(())
//! }
//! ```
//!
//! No broker outlives the process that started it, however that ends: `process.rs` says how.

mod broker;
mod certificates;
mod error;
mod kafka;
pub mod names;
mod nats;
mod probe;
mod process;
mod program;
mod rabbitmq;
mod redis;
mod shared;

pub use broker::Broker;
pub use certificates::{Certificates, Files, Identity};
pub use error::{Error, unless_missing};
pub use kafka::Kafka;
pub use nats::Nats;
pub use rabbitmq::RabbitMq;
pub use redis::Redis;
