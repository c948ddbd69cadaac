use super::*;
use crate::Streams;

const fn meta(name: &'static str, kind: OperationKind, delivery: Delivery) -> Meta {
    Meta {
        package: "test.v1",
        service: "Test",
        name,
        kind,
        streams: Streams::Neither,
        pattern: r#""test""#,
        route: "test",
        topic: None,
        grpc: None,
        request_is_text: false,
        response_is_text: false,
        timeout: std::time::Duration::from_secs(1),
        idempotent: false,
        delivery,
        fingerprint: "",
    }
}

const ASK: Meta = meta("ask", OperationKind::Message, Delivery::AtMostOnce);
const TOLD: Meta = meta("told", OperationKind::Event, Delivery::AtMostOnce);
const STORED: Meta = meta("stored", OperationKind::Event, Delivery::AtLeastOnce);

fn losses(faults: &mut Faults) -> Vec<bool> {
    (0..100).map(|_| faults.draw(&TOLD).is_lost).collect()
}

#[test]
fn what_is_drawn_is_the_same_every_time() {
    let faults = Faults::default().lose(0.3).seed(7);
    let lost = losses(&mut faults.clone());
    assert_eq!(losses(&mut faults.clone()), lost);
    assert_ne!(losses(&mut faults.seed(8)), lost);
    let count = lost.iter().filter(|lost| **lost).count();
    assert!((15..45).contains(&count), "{count} of 100 are lost");
}

#[test]
fn all_or_nothing() {
    assert_eq!(losses(&mut Faults::default().lose(1.0)), [true; 100]);
    assert_eq!(losses(&mut Faults::default().lose(0.0)), [false; 100]);
}

#[test]
fn only_so_many() {
    let lost = losses(&mut Faults::default().lose_next(3));
    assert_eq!(lost[..4], [true, true, true, false]);
    assert_eq!(lost.iter().filter(|lost| **lost).count(), 3);
}

#[test]
fn what_the_contract_asks_for_is_kept() {
    let mut faults = Faults::default()
        .duplicate(1.0)
        .lose_replies(1.0)
        .reorder(3);
    for (meta, is_twice, reply_is_lost, reorder) in [
        (&ASK, false, true, 0),
        (&TOLD, false, false, 3),
        (&STORED, true, true, 3),
    ] {
        let fate = faults.draw(meta);
        let found = (fate.is_twice, fate.reply_is_lost, fate.reorder);
        assert_eq!(found, (is_twice, reply_is_lost, reorder), "{}", meta.name);
    }
}
