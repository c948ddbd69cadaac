use super::*;

fn record(transport: &str, capability: &str, outcome: Outcome) -> Record {
    Record {
        transport: transport.to_owned(),
        capability: capability.to_owned(),
        check: format!("it has {capability}"),
        outcome,
    }
}

/// Every claimed cell shown by one check.
fn everything() -> Vec<Record> {
    let rows = TABLE
        .iter()
        .flat_map(|row| CAPABILITIES.iter().map(move |of| (row, of)));
    let claimed = rows.filter(|(row, capability)| row.carries(capability));
    claimed
        .map(|(row, capability)| record(row.transport, capability.name, Outcome::Passed))
        .collect()
}

#[test]
fn everything_that_is_claimed_is_shown() {
    let records = everything();
    let results = Results::of(&records);
    assert!(results.is_sound());
    assert_eq!(results.reports.len(), TABLE.len());
    assert_eq!(results.left_out, [""; 0]);
    // Whatever is not run is refused.
    let shown: Vec<_> = results.blanks.iter().map(ToString::to_string).collect();
    assert_eq!(
        shown[0],
        "Tcp; Redis; Nats; AnyTransport: refused by rustc: StreamsRequests; StreamsBoth; AtLeastOnce; KeyOrder"
    );
    assert!(results.blanks.iter().all(|blank| blank.reason == REFUSED));
}

fn left_out(capability: &str) -> Record {
    record(
        "Nats",
        capability,
        Outcome::LeftOut("there is no server".to_owned()),
    )
}

#[test]
fn a_claimed_cell_without_a_check_is_found() {
    let mut records = everything();
    records.retain(|record| record.transport != "Kafka" || record.capability != "KeyOrder");
    let results = Results::of(&records);
    assert!(!results.is_sound());
    assert_eq!(results.unproven, ["KeyOrder on Kafka"]);
    let text = results.to_string();
    assert!(text.contains("\nKafka: never run: KeyOrder\n"), "{text}");
    assert!(text.ends_with("0 left out, 1 never run"), "{text}");
}

#[test]
fn a_check_that_is_never_run_on_one_transport_is_found() {
    let mut records = everything();
    let mut another = record("Tcp", "RequestReply", Outcome::Passed);
    another.check = "another".to_owned();
    records.push(another);
    let results = Results::of(&records);
    assert!(!results.is_sound());
    assert_eq!(results.unproven, [""; 0]);
    let text = results.to_string();
    assert!(
        text.contains("Grpc; AnyTransport: never run: another\n"),
        "{text}"
    );
}

#[test]
fn what_is_left_out_says_why() {
    let mut records = everything();
    records.retain(|record| record.transport != "Nats" || record.capability != "AtMostOnce");
    records.push(left_out("AtMostOnce"));
    let results = Results::of(&records);
    assert!(results.is_sound());
    assert_eq!(results.left_out, ["AtMostOnce on Nats"]);
    let text = results.to_string();
    assert!(
        text.contains("\nNats: there is no server: AtMostOnce\n"),
        "{text}"
    );
    assert!(text.ends_with("1 left out, 0 never run"), "{text}");
}

#[test]
fn a_check_that_failed_once_has_failed() {
    let mut records = everything();
    let failed = Outcome::Failed("at times".to_owned());
    records.push(record("Tcp", "RequestReply", failed));
    records.push(record("Tcp", "RequestReply", Outcome::Passed));
    let results = Results::of(&records);
    assert!(!results.is_sound());
    assert_eq!(results.reports.iter().map(Report::failed).sum::<usize>(), 1);
}
