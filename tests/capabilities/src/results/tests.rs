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
    let results = Results::of(&everything());
    assert!(results.is_sound());
    assert_eq!(results.reports.len(), TABLE.len());
    assert_eq!(results.left_out, [""; 0]);
    // Whatever is not run is refused.
    assert!(results.blanks.contains(
        &"Tcp, refused by rustc: StreamsRequests; StreamsBoth; AtLeastOnce; KeyOrder".to_owned()
    ));
    assert!(results.blanks.iter().all(|blank| blank.contains("refused")));
}

#[test]
fn a_claimed_cell_without_a_check_is_found() {
    let mut records = everything();
    records.retain(|record| record.transport != "Kafka" || record.capability != "KeyOrder");
    let results = Results::of(&records);
    assert!(!results.is_sound());
    assert_eq!(
        results.unproven,
        ["KeyOrder on Kafka: it is claimed, and no check was run"]
    );
    assert!(
        results
            .blanks
            .contains(&"Kafka, never run: it has KeyOrder".to_owned())
    );
}

#[test]
fn what_is_left_out_says_why() {
    let mut records = everything();
    records.retain(|record| record.transport != "Nats" || record.capability != "AtMostOnce");
    let reason = Outcome::LeftOut("there is no server".to_owned());
    records.push(record("Nats", "AtMostOnce", reason));
    let results = Results::of(&records);
    assert!(results.is_sound());
    assert_eq!(results.left_out, ["AtMostOnce on Nats: there is no server"]);
    assert!(
        results
            .blanks
            .contains(&"Nats, there is no server: it has AtMostOnce".to_owned())
    );
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
