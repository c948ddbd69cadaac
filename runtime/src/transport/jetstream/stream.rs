//! Which stream stores an event: made where there is none.

use async_nats::jetstream::{
    Context,
    context::{CreateStreamError, GetStreamByNameErrorKind},
    stream::{Config, Info, StorageType},
};

use super::{connect::Options, message::refused};
use crate::{Meta, TransportError, transport::nats::message};

/// The stream that takes the events of an operation.
pub(super) async fn of(
    context: &Context,
    options: &Options,
    meta: &Meta,
) -> Result<Info, TransportError> {
    let subject = message::subscription(meta)?;
    if let Some((name, subjects)) = &options.stream {
        let config = config(name.clone(), subjects.clone(), options);
        let stream = context.get_or_create_stream(config).await;
        return covering(stream.map_err(refused)?.cached_info(), &subject);
    }
    if let Some(stream) = taking(context, &subject).await? {
        return covering(&stream, &subject);
    }
    let config = config(own_name(meta), vec![subject.clone()], options);
    match context.create_stream(config).await {
        Ok(stream) => Ok(stream.cached_info().clone()),
        Err(error) => of_another(context, &subject, error).await,
    }
}

/// The stream that somebody else has made in the meantime, if that is why ours
/// could not be.
async fn of_another(
    context: &Context,
    subject: &str,
    error: CreateStreamError,
) -> Result<Info, TransportError> {
    match taking(context, subject).await? {
        Some(stream) => covering(&stream, subject),
        None => Err(refused(error)),
    }
}

/// The stream that takes a subject, or some of those that it stands for.
async fn taking(context: &Context, subject: &str) -> Result<Option<Info>, TransportError> {
    match context.stream_by_subject(subject).await {
        Ok(name) => {
            let stream = context.get_stream(name).await.map_err(refused)?;
            Ok(Some(stream.cached_info().clone()))
        }
        Err(error) if error.kind() == GetStreamByNameErrorKind::NotFound => Ok(None),
        Err(error) => Err(refused(error)),
    }
}

/// The stream, if it takes all of a subject.
fn covering(stream: &Info, subject: &str) -> Result<Info, TransportError> {
    let mut subjects = stream.config.subjects.iter();
    if subjects.any(|taken| covers(taken, subject)) {
        return Ok(stream.clone());
    }
    Err(TransportError::NotCarried(format!(
        "the stream {} does not take all of the subject {subject}",
        stream.config.name
    )))
}

/// Whether all that a subject stands for is taken: `users.>` takes `users.*.created`.
fn covers(taken: &str, subject: &str) -> bool {
    let mut parts = subject.split('.');
    for wanted in taken.split('.') {
        match (wanted, parts.next()) {
            (">", part) => return part.is_some(),
            ("*", Some(part)) if part != ">" => {}
            (wanted, Some(part)) if wanted == part => {}
            _ => return false,
        }
    }
    parts.next().is_none()
}

fn config(name: String, subjects: Vec<String>, options: &Options) -> Config {
    Config {
        name,
        subjects,
        storage: match options.in_memory {
            true => StorageType::Memory,
            false => StorageType::File,
        },
        num_replicas: options.replicas,
        max_age: options.max_age,
        ..Config::default()
    }
}

/// The name of a stream for one event: `acme_users_v1-Users-user_created`.
fn own_name(meta: &Meta) -> String {
    named(&format!("{}-{}-{}", meta.package, meta.service, meta.name))
}

/// A name that a stream or consumer can have: anything but letters, digits and
/// `-` becomes `_`.
pub(super) fn named(text: &str) -> String {
    text.chars()
        .map(|letter| match letter {
            'a'..='z' | 'A'..='Z' | '0'..='9' | '-' => letter,
            _ => '_',
        })
        .collect()
}

#[cfg(test)]
mod tests;
