//! The checks that are not made, where and why. Whatever else is left out has failed.

/// On which transports, against which versions, and the check's name.
type Known = (
    &'static [&'static str],
    &'static [&'static str],
    &'static str,
);

const EVERY: &[&str] = &["v10", "v11", "v12"];
/// Versions of NestJS before its packets had metadata.
const BEFORE_12: &[&str] = &["v10", "v11"];
/// Transports where a pattern is the name of a channel or a subject.
const BY_NAME: &[&str] = &["redis", "nats"];

/// What Nest's client does not check; it says itself why.
const BY_NEST: &[Known] = &[
    (&["tcp", "redis"], BEFORE_12, "metadata of a dispatch hook"),
    (BY_NAME, EVERY, "string pattern that is JSON"),
    (BY_NAME, EVERY, "no handler"),
];

/// Whether Nest's client may leave out this check.
pub(crate) fn by_nest(wire: &str, version: &str, check: &str) -> bool {
    BY_NEST.iter().any(|known| is(known, wire, version, check))
}

fn is((wires, versions, name): &Known, wire: &str, version: &str, check: &str) -> bool {
    wires.contains(&wire) && versions.contains(&version) && *name == check
}
