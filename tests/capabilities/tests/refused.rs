//! Every denied cell of the table is a compile error, one for each mistake.
//!
//! `TRYBUILD=overwrite cargo test -p anywire-capabilities` writes the texts
//! anew; they are those of the newest stable rustc.

use std::{fs, path::Path};

use anywire_capabilities::{CAPABILITIES, Capability, Row, TABLE};

#[test]
fn what_is_denied_does_not_compile() {
    spare_librdkafka().expect("cargo's settings can be written");
    trybuild::TestCases::new().compile_fail("refused/*.rs");
}

/// trybuild builds all dependencies anew, in a folder of its own. What is only
/// checked is not linked, so the two minutes of C of Kafka's library are left
/// out: cargo is told that it is there.
fn spare_librdkafka() -> std::io::Result<()> {
    let target = Path::new(env!("CARGO_TARGET_TMPDIR")).with_file_name("tests");
    let settings = target.join("trybuild/.cargo");
    fs::create_dir_all(&settings)?;
    let links = concat!("[target.", env!("TARGET"), ".rdkafka]");
    let text = format!("{links}\nrustc-link-lib = [\"rdkafka\"]\n");
    fs::write(settings.join("config.toml"), text)
}

/// The fixtures of a capability: who sends, and who receives.
const FIXTURES: [(&str, [&str; 2]); 6] = [
    (
        "RequestReply",
        ["client_request_reply", "server_request_reply"],
    ),
    (
        "StreamsReplies",
        ["client_streams_replies", "server_streams_replies"],
    ),
    (
        "StreamsRequests",
        ["client_streams_requests", "server_streams_requests"],
    ),
    (
        "StreamsBoth",
        ["client_streams_both", "server_streams_both"],
    ),
    (
        "AtLeastOnce",
        ["publisher_at_least_once", "subscriber_at_least_once"],
    ),
    ("KeyOrder", ["publisher_key_order", "subscriber_key_order"]),
];

/// The fixtures are what rustc says, as the test above shows.
#[test]
fn every_denied_cell_is_one_error_on_each_side() {
    for capability in &CAPABILITIES {
        let denied: Vec<&Row> = TABLE
            .iter()
            .filter(|row| !row.carries(capability))
            .collect();
        let fixtures = FIXTURES.iter().find(|(name, _)| *name == capability.name);
        let Some((_, [sends, receives])) = fixtures else {
            assert!(denied.is_empty(), "{} has no fixture", capability.name);
            continue;
        };
        compare(sends, capability, &denied);
        // A transport that is chosen at run time only sends.
        let listens = |row: &&Row| row.transport != "AnyTransport";
        let denied: Vec<&Row> = denied.into_iter().filter(listens).collect();
        compare(receives, capability, &denied);
    }
}

/// What rustc says of a fixture.
fn text(fixture: &str) -> String {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join(format!("refused/{fixture}.stderr"));
    fs::read_to_string(&path).unwrap_or_else(|error| panic!("{fixture}: {error}"))
}

/// Each transport is one error, which names the operation, what it asks for, and
/// all transports that have it.
#[track_caller]
fn compare(fixture: &str, capability: &Capability, denied: &[&Row]) {
    let text = text(fixture);
    let found = |start: &str| -> Vec<String> {
        let lines = text
            .lines()
            .filter(|line| line.trim_start().starts_with(start));
        lines.map(|line| line.trim().to_owned()).collect()
    };
    let expected: Vec<_> = denied
        .iter()
        .map(|row| {
            let (operation, asked) = (capability.operation, capability.asked);
            let transport = row.transport;
            format!(
                "error[E0277]: `{transport}` cannot carry `{operation}`: the contract asks for {asked}"
            )
        })
        .collect();
    assert_eq!(found("error"), expected, "{fixture}");

    let carry = TABLE
        .iter()
        .filter(|row| row.carries(capability) && row.transport != "AnyTransport");
    let names: Vec<_> = carry.map(|row| row.transport).collect();
    let (last, others) = names.split_last().expect("some transport carries it");
    let ends = format!(": {} or {last}", others.join(", "));
    let ways_out = found("= note: bind it to");
    assert_eq!(ways_out.len(), expected.len(), "{fixture}");
    for way_out in ways_out {
        assert!(way_out.ends_with(&ends), "{fixture}: {way_out}");
    }
}

/// A client, a publisher, a server and a subscriber of operations that lack
/// something are one error each, which names the transport that needs it.
#[test]
fn what_an_operation_lacks_is_one_error_on_each_side() {
    let needs = |needs: fn(&Row) -> bool| -> Vec<&str> {
        let rows = TABLE.iter().filter(|row| needs(row));
        rows.map(|row| row.transport).collect()
    };
    assert_eq!(needs(|row| row.needs_topic), ["Kafka"]);
    assert_eq!(needs(|row| row.needs_proto), ["Grpc"]);

    let errors = |fixture| text(fixture).matches("error[E0277]").count();
    let texts = |fixture, said| text(fixture).matches(said).count();
    let topic = "kafka_without_topic";
    assert_eq!(errors(topic), 4);
    assert_eq!(texts(topic, "error[E0277]: `Kafka` cannot carry `"), 4);
    assert_eq!(
        texts(
            topic,
            "= note: or bind it to another transport: only Kafka needs a topic"
        ),
        4
    );
    // The same for a transport in memory that encodes as gRPC does.
    let proto = "protobuf_without_numbers";
    assert_eq!(errors(proto), 8);
    assert_eq!(texts(proto, "` cannot be encoded as protobuf"), 8);
    assert_eq!(texts(proto, "= note: required for `Grpc` to implement"), 4);
    assert_eq!(
        texts(
            proto,
            "= note: or bind it to a transport that carries JSON: all but Grpc do"
        ),
        8
    );
}
