//! The list of all checks, and how they are run.

use std::time::Duration;

use anywire::BoxFuture;

use crate::{
    Outcome, Report,
    checks::{
        calls, errors, events, input, layers, lifecycle, load, ordered, outage, stored, streams,
        time, uploads, wildcards,
    },
    place::{Announcing, Naming, Ordering, Place, Setting, Storing, Streams, Uploads},
    record,
};

/// A check that is not done by then hangs.
const PATIENCE: Duration = Duration::from_secs(120);

/// Checks that show that a transport has a capability.
pub(crate) struct Suite<P: 'static> {
    capability: &'static str,
    checks: &'static [Check<P>],
}

/// A check by its name. It passes unless it panics.
struct Check<P> {
    name: &'static str,
    run: fn(P) -> BoxFuture<()>,
}

macro_rules! suite {
    ($capability:ident: $($name:literal => $check:path,)*) => {
        Suite {
            capability: stringify!($capability),
            checks: &[$(Check { name: $name, run: |place| Box::pin($check(place)) }),*],
        }
    };
}

pub(crate) const REQUESTS: Suite<Place> = suite! { RequestReply:
    "reply" => calls::reply,
    "bare payload" => calls::bare_payload,
    "optional arguments" => calls::optional_arguments,
    "every type there and back" => calls::every_type,
    "unicode outside the BMP, every escape" => calls::unicode,
    "1 MiB" => calls::one_mebibyte,
    "empty reply" => calls::empty_reply,
    "headers reach the handler" => calls::headers,
    "a call outlives its client" => calls::outlives,
    "a handler's calls are part of the call in hand" => calls::within,
    "declared error with its fields" => errors::declared,
    "undeclared error hidden" => errors::undeclared,
    "RpcException unchanged" => errors::exception,
    "no handler" => errors::no_handler,
    "a panic answers as internal, others are served" => errors::panic,
    "invalid input: every violation, with its place" => input::invalid,
    "undecodable input, with its place" => input::undecodable,
    "request that cannot be encoded" => input::not_encodable,
    "timeout" => time::timeout,
    "remaining time reaches the handler" => time::remaining,
    "expired work is not begun" => time::expired,
    "a dropped call is given up, others go on" => time::cancellation,
    "1000 concurrent, answered out of order" => load::thousand,
    "concurrent calls of every size" => load::sizes,
    "layers of the app apply to every part" => layers::apply_to_all,
    "layers wrap in the order they were added" => layers::order,
    "a layer's timeout is a deadline" => layers::timeout,
    "shed load is unavailable" => layers::shed,
    "layers of the client" => layers::client,
    "two services in one place" => lifecycle::two_services,
    "a part that cannot start is named" => lifecycle::start_error,
    "nothing is served by an app that did not start" => lifecycle::not_started,
    "stop answers what is in flight, refuses what is new" => lifecycle::drain,
    "stop is over after the grace period" => lifecycle::grace_period,
    "a dropped app serves no more" => lifecycle::dropped,
    "a listener is served on again after a stop" => lifecycle::again,
    "HTTP in the same app" => lifecycle::http,
};

pub(crate) const WILDCARDS: Suite<Naming> = suite! { AtMostOnce:
    "wildcards: the values of names" => wildcards::values,
    "wildcards: an event to each subscriber" => wildcards::fan_out,
    "wildcards: a name that does not fit" => wildcards::similar,
};

/// Where names cannot hold values.
pub(crate) const NO_WILDCARDS: Suite<Naming> = suite! { AtMostOnce:
    "wildcards that cannot be carried are refused" => wildcards::refused,
};

/// Where an event can reach one member of a group.
pub(crate) const WILDCARD_GROUPS: Suite<Naming> = suite! { AtMostOnce:
    "wildcards: an event to one member of each group" => wildcards::groups,
};

pub(crate) const STREAMS: Suite<Streams> = suite! { StreamsReplies:
    "stream of 0, 1 and 10,000 values" => streams::every_length,
    "stream of values of 1 MiB" => streams::large_values,
    "stream with optional arguments" => streams::optional_arguments,
    "stream refused with a declared error" => streams::refused,
    "stream broken off by a declared error" => streams::broken_off,
    "stream: undeclared error hidden, RpcException unchanged" => streams::undeclared,
    "a stream that panics ends as internal, others go on" => streams::panic,
    "stream of no handler" => streams::no_handler,
    "stream with invalid input" => streams::invalid,
    "headers reach the handler of a stream" => streams::headers,
    "a value comes as soon as it is there" => streams::at_once,
    "many streams at once, and calls between" => streams::many,
    "a dropped stream harms nobody" => streams::dropped,
    "a stream that nobody takes from harms nobody" => streams::not_taken,
    "a stream's timeout ends it behind its values" => streams::timeout,
    "a stream without an end ends with its caller's time" => streams::endless,
    "a stream outlives its client" => streams::outlives,
    "layers let streams through" => streams::layers,
    "stop lets a stream finish" => streams::drain,
};

pub(crate) const UPLOADS: Suite<Uploads> = suite! { StreamsRequests:
    "upload of 0, 1 and 10,000 values" => uploads::every_length,
    "upload that is read no further" => uploads::stops_early,
    "upload with an invalid value" => uploads::invalid,
    "upload of a value that cannot be encoded" => uploads::not_encodable,
    "upload broken off by a declared error" => uploads::broken_off,
    "upload whose handler panics" => uploads::panic,
    "upload for no handler" => uploads::no_handler,
    "headers reach the handler of an upload" => uploads::headers,
    "an upload's timeout" => uploads::timeout,
    "a dropped upload harms nobody" => uploads::dropped,
    "many uploads at once, and calls between" => uploads::many,
    "stop lets an upload finish" => uploads::drain,
};

pub(crate) const BOTH_WAYS: Suite<Uploads> = suite! { StreamsBoth:
    "both ways: 0, 1 and 10,000 values" => uploads::echoed,
    "both ways: one value after the other" => uploads::lockstep,
    "both ways: broken off by a declared error" => uploads::echo_broken_off,
    "both ways: an invalid value" => uploads::echo_invalid,
    "both ways: a dropped stream harms nobody" => uploads::echo_dropped,
};

pub(crate) const EVENTS: Suite<Announcing> = suite! { AtMostOnce:
    "message without an answer" => events::oneway,
    "event to each subscriber" => events::fan_out,
    "a subscriber that fails harms nobody" => events::failing_subscriber,
};

pub(crate) const GROUPS: Suite<Announcing> = suite! { AtMostOnce:
    "event to one member of each group" => events::groups,
};

pub(crate) const NO_GROUPS: Suite<Announcing> = suite! { AtMostOnce:
    "a group that cannot be kept is refused" => events::groups_refused,
};

pub(crate) const STORED_EVENTS: Suite<Storing> = suite! { AtLeastOnce:
    "stored event to each subscriber" => stored::fan_out,
    "stored event to one member of each group" => stored::groups,
    "delivered again after a retryable failure" => stored::redelivered,
    "delivered again after a panic" => stored::redelivered_after_panic,
    "given up after a terminal failure" => stored::given_up,
    "a publisher's time is not the handler's" => stored::no_deadline,
    "an id of its own, however often it is delivered" => stored::id,
    "stop finishes what was accepted" => stored::drain,
};

pub(crate) const ORDERED_EVENTS: Suite<Ordering> = suite! { KeyOrder:
    "order by key, through failures" => ordered::order,
    "a key goes on after a terminal failure" => ordered::given_up,
    "a key that waits holds up no other" => ordered::keys_apart,
};

pub(crate) const OUTAGE: Suite<Setting<Place>> = suite! { RequestReply:
    "killed under load: calls fail, and service goes on by itself" => outage::calls,
};

pub(crate) const STREAMS_OUTAGE: Suite<Setting<Streams>> = suite! { StreamsReplies:
    "killed under load: streams fail, and service goes on by itself" => outage::streams,
};

pub(crate) const STORED_OUTAGE: Suite<Setting<Storing>> = suite! { AtLeastOnce:
    "killed under load: nothing confirmed is lost" => outage::stored,
};

/// Runs checks one after the other, each in a place of its own.
pub(crate) async fn run<P>(
    transport: &'static str,
    suite: Suite<P>,
    place: impl Fn() -> P,
) -> Report {
    let mut outcomes = Vec::new();
    for check in suite.checks {
        let mut work = tokio::spawn((check.run)(place()));
        let outcome = match tokio::time::timeout(PATIENCE, &mut work).await {
            Ok(Ok(())) => Ok(()),
            Ok(Err(failed)) => Err(reason(failed)),
            Err(_) => {
                work.abort();
                Err(format!("not done after {PATIENCE:?}"))
            }
        };
        outcomes.push((check.name.to_owned(), outcome));
    }
    let records = outcomes.iter().map(|(check, outcome)| {
        let outcome = match outcome {
            Ok(()) => Outcome::Passed,
            Err(reason) => Outcome::Failed(reason.clone()),
        };
        record::of(transport, suite.capability, check, outcome)
    });
    record::append(records);
    Report {
        transport: transport.to_owned(),
        outcomes,
    }
}

/// Notes that these checks are not run, and why.
pub(crate) fn leave_out<P>(transport: &'static str, suite: Suite<P>, reason: &str) {
    let left_out = |check: &Check<P>| {
        let outcome = Outcome::LeftOut(reason.to_owned());
        record::of(transport, suite.capability, check.name, outcome)
    };
    record::append(suite.checks.iter().map(left_out));
}

fn reason(failed: tokio::task::JoinError) -> String {
    match failed.try_into_panic() {
        Ok(panic) => match panic.downcast::<String>() {
            Ok(text) => *text,
            Err(panic) => panic
                .downcast::<&str>()
                .map_or_else(|_| "it panicked".to_owned(), |text| (*text).to_owned()),
        },
        Err(failed) => failed.to_string(),
    }
}
