//! Events that keep the order of their keys.

use crate::{Heard, place::Ordering};

pub(crate) async fn order(place: Ordering) {
    let heard = Heard::default();
    let (_running, store) = place.serve(&heard).await;
    for number in 1..=20 {
        for key in ["stumbles", "even"] {
            store(key, number).await.expect("it is accepted");
        }
    }
    let lines = heard.log.until(|lines| lines.len() == 42).await;
    for (key, attempts) in [("stumbles", 3), ("even", 1)] {
        let expected: Vec<_> = (1..=20)
            .flat_map(|number| {
                vec![format!("{key} {number}"); if number == 1 { attempts } else { 1 }]
            })
            .collect();
        let of_key: Vec<_> = lines
            .iter()
            .filter(|line| line.starts_with(key))
            .cloned()
            .collect();
        assert_eq!(of_key, expected);
    }
}

pub(crate) async fn given_up(place: Ordering) {
    let heard = Heard::default();
    let (_running, store) = place.serve(&heard).await;
    for number in [1, 2] {
        store("refuses", number).await.expect("it is accepted");
    }
    // The second one of the key comes when the first is done with.
    heard.log.until_has("refuses 2").await;
    assert_eq!(heard.log.lines(), ["refuses 1", "refuses 2"]);
}

pub(crate) async fn keys_apart(place: Ordering) {
    let heard = Heard::default();
    let (_running, store) = place.serve(&heard).await;
    store("waits", 1).await.expect("it is accepted");
    heard.log.until_has("waits 1").await;
    for number in 2..=200 {
        store("waits", number).await.expect("it is accepted");
    }
    store("another", 1).await.expect("it is accepted");
    heard.log.until_has("another 1").await;
    assert_eq!(
        heard.log.count("waits 2"),
        0,
        "an event overtook one of its key"
    );
    heard.gates.open(1);
    heard.log.until_has("waits 200").await;
}
