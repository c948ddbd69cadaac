//! The checks that are not made, where and why. Whatever else is left out has failed.

/// On which transports, against which versions, and the check's name.
type Known = (
    &'static [&'static str],
    &'static [&'static str],
    &'static str,
);

const EVERY: &[&str] = crate::PEERS;
/// Versions of NestJS before its packets had metadata.
const BEFORE_12: &[&str] = &["v10", "v11"];
/// Where a pattern is the name of a channel, a subject, a topic or a binding.
const BY_NAME: &[&str] = &["redis", "nats", "rabbitmq-exchange", "kafka"];
/// RabbitMQ as Nest 11 and 12 can use it, where a pattern is a binding.
const BY_EXCHANGE: &[&str] = &["rabbitmq-exchange"];
const KAFKA: &[&str] = &["kafka"];
const GRPC: &[&str] = &["grpc"];

/// What Nest's client does not check; it says itself why.
const BY_NEST: &[Known] = &[
    (
        &["tcp", "tcp-tls", "redis"],
        BEFORE_12,
        "metadata of a dispatch hook",
    ),
    (BY_NAME, EVERY, "string pattern that is JSON"),
    (BY_NAME, EVERY, "no handler"),
    (BY_EXCHANGE, EVERY, "object pattern in another key order"),
    (GRPC, EVERY, "object pattern in another key order"),
    (GRPC, EVERY, "string pattern that is JSON"),
    (GRPC, EVERY, "RpcException unchanged"),
    (GRPC, EVERY, "wrong payload refused"),
    (GRPC, EVERY, "unknown event ignored"),
    (KAFKA, EVERY, "object pattern in another key order"),
    (KAFKA, EVERY, "stream of none"),
    (KAFKA, EVERY, "stream of 10,000 values"),
    (KAFKA, EVERY, "1 MiB"),
    (KAFKA, EVERY, "1 MiB of emoji"),
    (KAFKA, EVERY, "1 MiB of escapes"),
];

/// What we do not check, and why.
const BY_US: &[(Known, &str)] = &[
    (
        (GRPC, EVERY, "null and undefined as replies"),
        "a message of protobuf is always there",
    ),
    (
        (GRPC, EVERY, "empty stream as a reply"),
        "the .proto says which methods stream",
    ),
    (
        (GRPC, EVERY, "a value, and the end later"),
        "HTTP/2 ends a reply itself",
    ),
    (
        (GRPC, EVERY, "a stream is a clear error"),
        "the .proto says which methods stream",
    ),
    (
        (GRPC, EVERY, "a stream that fails is its error"),
        "the .proto says which methods stream",
    ),
    (
        (KAFKA, EVERY, "200 concurrent, answered out of order"),
        "Nest takes one message of a topic after the other",
    ),
    (
        (KAFKA, EVERY, "1 MiB, of emoji and of escapes as well"),
        "brokers take less than 1 MiB",
    ),
    (
        (KAFKA, &["v10"], "a value, and the end later"),
        "Nest loses an end that comes while a value is being sent",
    ),
    (
        (KAFKA, BEFORE_12, "empty stream as a reply"),
        "Nest's consumer stops for good",
    ),
    (
        (KAFKA, BEFORE_12, "stream of none"),
        "Nest's consumer stops for good",
    ),
];

/// What some versions cannot do at all, and why.
const ROUNDS: &[(&[&str], &[&str], &str)] = &[(
    &["rabbitmq-exchange", "rabbitmq-fanout"],
    &["v10"],
    "Nest has exchanges on RabbitMQ since 11",
)];

/// Why nothing is checked on this wire against this version, if nothing is.
pub(crate) fn of(wire: &str, version: &str) -> Option<&'static str> {
    let mut rounds = ROUNDS.iter();
    let (.., why) =
        rounds.find(|(wires, versions, _)| wires.contains(&wire) && versions.contains(&version))?;
    Some(why)
}

/// Whether Nest's client may leave out this check.
pub(crate) fn by_nest(wire: &str, version: &str, check: &str) -> bool {
    BY_NEST.iter().any(|known| is(known, wire, version, check))
}

/// What tonic's client cannot do, and why.
pub(crate) const BY_TONIC: &[(&str, &str)] = &[
    (
        "upload that its caller gives up",
        "tonic keeps a call that is dropped until its own stream ends",
    ),
    (
        "both ways, given up by the caller",
        "tonic keeps a call that is dropped until its own stream ends",
    ),
];

/// Why we leave out this check, if we do.
pub(crate) fn by_us(wire: &str, version: &str, check: &str) -> Option<&'static str> {
    let mut all = BY_US.iter();
    let (_, why) = all.find(|(known, _)| is(known, wire, version, check))?;
    Some(why)
}

fn is((wires, versions, name): &Known, wire: &str, version: &str, check: &str) -> bool {
    wires.contains(&wire) && versions.contains(&version) && *name == check
}
