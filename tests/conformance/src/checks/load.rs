//! Many calls at once.

use crate::{Handlers, place::Place};

pub(crate) async fn thousand(place: Place) {
    const CALLS: u32 = 1000;
    let handlers = Handlers::default();
    let (_running, clients) = place.serve(&handlers).await;
    let calls: Vec<_> = (0..CALLS)
        .map(|gate| tokio::spawn(clients.checks.wait(gate)))
        .collect();
    let all = CALLS as usize;
    handlers.log.until(|lines| lines.len() == all).await;
    // The last one is answered first.
    for (gate, call) in (0..CALLS).zip(calls).rev() {
        handlers.gates.open(gate);
        let answer = call.await.expect("no panic").expect("a reply");
        assert_eq!(answer, gate);
    }
}

pub(crate) async fn sizes(place: Place) {
    let (_running, clients) = place.serve(&Handlers::default()).await;
    let calls: Vec<_> = (0..200_usize)
        .map(|at| {
            let text = format!("{at} 🦀").repeat(1 + (at * 7919) % 5000);
            let call = clients.checks.echo(text.as_str());
            tokio::spawn(async move { call.await.is_ok_and(|echoed| echoed == text) })
        })
        .collect();
    for (at, call) in calls.into_iter().enumerate() {
        assert!(
            call.await.expect("no panic"),
            "call {at} was answered by another's echo"
        );
    }
}
