//! What is declared on RabbitMQ: queues, the exchange, and what binds them.

use lapin::{
    Channel, ExchangeKind,
    options::{ExchangeDeclareOptions, QueueBindOptions, QueueDeclareOptions},
    types::{AMQPValue, FieldTable, ShortString},
};

use super::{
    QUEUE_EXPIRY, RabbitMqConnect,
    message::{failure, short},
};
use crate::{Delivery, Meta, TransportError};

/// Where a server takes its messages from.
#[derive(Debug, Clone)]
pub(super) enum Queue {
    /// The queue of requests, by its name.
    Requests(String),
    /// The queue of an event's subscribers.
    Events {
        /// Of the members of a group, who share it.
        group: Option<String>,
        /// Its name; a subscriber without a group that may lose events has the
        /// broker name it.
        name: String,
        /// What it is bound by.
        keys: Vec<String>,
        is_stored: bool,
    },
}

impl Queue {
    /// That of an event's subscribers.
    pub(super) fn of_event(meta: &Meta, exchange: &str, group: Option<&str>) -> Self {
        let is_stored = meta.delivery == Delivery::AtLeastOnce;
        let name = match group {
            // With the exchange, whose group of that name is not another's.
            Some(group) => format!("{exchange}/{group}/{}", meta.route),
            // Nobody else's, and found again when the connection was lost.
            None if is_stored => format!("{exchange}/{:032x}/{}", fastrand::u128(..), meta.route),
            None => String::new(),
        };
        Self::Events {
            group: group.map(str::to_owned),
            name,
            keys: bindings(meta),
            is_stored,
        }
    }

    /// The name of a queue that nobody needs when its subscriber has stopped.
    pub(super) fn own(&self) -> Option<&str> {
        match self {
            Self::Events {
                group: None, name, ..
            } if !name.is_empty() => Some(name),
            _ => None,
        }
    }

    /// Declares and binds it; returns its name.
    pub(super) async fn declare(
        &self,
        channel: &Channel,
        options: &RabbitMqConnect,
    ) -> Result<ShortString, TransportError> {
        match self {
            Self::Requests(name) => {
                let name = short("queue", name)?;
                if options.declares {
                    queue_of_requests(channel, name.clone(), options).await?;
                }
                Ok(name)
            }
            Self::Events {
                group,
                name,
                keys,
                is_stored,
            } => {
                let exchange_name = short("exchange", &options.exchange)?;
                if options.declares {
                    exchange(channel, exchange_name.clone(), options).await?;
                }
                let (kind, arguments) = kind(group.is_some(), *is_stored, options)?;
                let declared = channel
                    .queue_declare(short("queue", name)?, kind, arguments)
                    .await;
                let name = declared.map_err(|error| failure(&error))?.name().clone();
                bind(channel, &name, &exchange_name, keys).await?;
                Ok(name)
            }
        }
    }
}

/// How the queue of an event's subscribers is declared.
///
/// | | may be lost | stored |
/// |---|---|---|
/// | group | goes with its last member | stays |
/// | no group | goes with its connection | goes when nobody came for a while |
fn kind(
    has_group: bool,
    is_stored: bool,
    options: &RabbitMqConnect,
) -> Result<(QueueDeclareOptions, FieldTable), TransportError> {
    let kind = QueueDeclareOptions {
        durable: has_group || is_stored,
        exclusive: !has_group && !is_stored,
        auto_delete: !is_stored,
        ..QueueDeclareOptions::default()
    };
    let mut arguments = FieldTable::default();
    match (has_group, is_stored) {
        (true, true) => arguments = options.table()?,
        (false, true) => {
            let expiry = i64::try_from(QUEUE_EXPIRY.as_millis()).unwrap_or(i64::MAX);
            arguments.insert("x-expires".into(), AMQPValue::LongLongInt(expiry));
        }
        // Not that of a queue which is to be gone soon.
        (_, false) => {}
    }
    Ok((kind, arguments))
}

/// Declares the queue of requests.
pub(super) async fn queue_of_requests(
    channel: &Channel,
    name: ShortString,
    options: &RabbitMqConnect,
) -> Result<(), TransportError> {
    let kind = QueueDeclareOptions {
        durable: options.durable,
        auto_delete: options.auto_delete,
        ..QueueDeclareOptions::default()
    };
    let declared = channel.queue_declare(name, kind, options.table()?).await;
    declared.map(drop).map_err(|error| failure(&error))
}

/// Declares the exchange.
pub(super) async fn exchange(
    channel: &Channel,
    name: ShortString,
    options: &RabbitMqConnect,
) -> Result<(), TransportError> {
    let kind = if options.is_fanout {
        ExchangeKind::Fanout
    } else {
        ExchangeKind::Topic
    };
    let durable = ExchangeDeclareOptions {
        durable: true,
        ..ExchangeDeclareOptions::default()
    };
    let declared = channel
        .exchange_declare(name, kind, durable, FieldTable::default())
        .await;
    declared.map_err(|error| failure(&error))
}

/// Binds the queue of requests to the exchange, for these operations.
pub(super) async fn bind_requests(
    channel: &Channel,
    queue: &ShortString,
    operations: &[&'static Meta],
    options: &RabbitMqConnect,
) -> Result<(), TransportError> {
    let name = short("exchange", &options.exchange)?;
    if options.declares {
        exchange(channel, name.clone(), options).await?;
    }
    let keys: Vec<String> = if options.is_fanout {
        vec![String::new()]
    } else {
        operations.iter().flat_map(|meta| bindings(meta)).collect()
    };
    bind(channel, queue, &name, &keys).await
}

async fn bind(
    channel: &Channel,
    queue: &ShortString,
    exchange: &ShortString,
    keys: &[String],
) -> Result<(), TransportError> {
    for key in keys {
        let bound = channel.queue_bind(
            queue.clone(),
            exchange.clone(),
            short("route", key)?,
            QueueBindOptions::default(),
            FieldTable::default(),
        );
        bound.await.map_err(|error| failure(&error))?;
    }
    Ok(())
}

/// The keys that the queue of an operation is bound by.
fn bindings(meta: &Meta) -> Vec<String> {
    if meta.has_wildcards() {
        let parts: Vec<&str> = meta
            .route
            .split('.')
            .map(|part| if part.starts_with('{') { "*" } else { part })
            .collect();
        return vec![parts.join(".")];
    }
    let mut keys = vec![meta.route.to_owned()];
    // Nest's client sends an object as it was written, its server sorts it.
    if meta.pattern.starts_with('{') && meta.pattern != meta.route {
        keys.push(meta.pattern.to_owned());
    }
    keys
}

#[cfg(test)]
mod tests;
