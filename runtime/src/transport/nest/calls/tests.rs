use std::time::Duration;

use super::*;
use crate::Meta;

static META: Meta = Meta::BLANK;

fn request() -> Request {
    let mut request = Request::new(&META, Bytes::new());
    request.deadline = Some(clock::now() + Duration::from_secs(10));
    request
}

/// A reply that came late is not that of the next call in its slot.
#[tokio::test]
async fn a_call_that_is_dropped_leaves_its_slot_at_once() {
    let calls = SharedCalls::new(1);
    let (dropped, pending) = calls.begin(&request()).expect("there is room");
    assert!(calls.begin(&request()).is_err());
    drop(pending);
    let (next, pending) = calls.begin(&request()).expect("there is room");
    let memory = Bytes::from_static(b"1");
    let late = ReplyPacket {
        response: Some(&memory),
        is_disposed: true,
        ..ReplyPacket::default()
    };
    calls.answer_to(dropped, &late, &memory);
    calls.refuse(next, TransportError::NoHandler);
    let reply = pending.await;
    assert!(
        matches!(reply, Ok(Reply::Refused(TransportError::NoHandler))),
        "{reply:?}"
    );
    assert_eq!(calls.len(), 0);
}

#[cfg(feature = "tcp")]
#[tokio::test]
async fn the_peer_is_told_once_of_calls_that_end_without_it() {
    #[derive(Default)]
    struct Told(Mutex<Vec<u64>>);

    impl GivenUp for Told {
        fn given_up(&self, call: u64) {
            self.0.lock().expect("nobody panicked").push(call);
        }
    }

    let told = Arc::new(Told::default());
    let calls = SharedCalls::with_peer(10, told.clone());
    let (dropped, pending) = calls.begin(&request()).expect("there is room");
    drop(pending);
    // What was refused, or never sent, has ended for the peer as well.
    let (refused, pending) = calls.begin(&request()).expect("there is room");
    calls.refuse(refused, TransportError::NoHandler);
    drop(pending);
    let (unsent, pending) = calls.begin(&request()).expect("there is room");
    calls.remove(unsent);
    drop(pending);
    let mut late = request();
    late.deadline = Some(clock::now());
    let (expired, pending) = calls.begin(&late).expect("there is room");
    let reply = tokio::select! {
        reply = pending => reply,
        () = calls.keep_time() => panic!("the clock has ended"),
    };
    assert!(
        matches!(reply, Ok(Reply::Refused(TransportError::TimedOut))),
        "{reply:?}"
    );
    let told = told.0.lock().expect("nobody panicked");
    assert_eq!(*told, [dropped.number(), expired.number()]);
}

fn insert_stream(calls: &mut Calls) -> Option<(CallId, Payloads)> {
    let (id, values) = calls.insert_stream(MAX_STREAM_BYTES).ok()?;
    Some((id, Payloads::new(values)))
}

fn answer(calls: &mut Calls, id: CallId, memory: &Bytes, value: std::ops::Range<usize>) {
    let packet = ReplyPacket {
        response: Some(&memory[value]),
        ..ReplyPacket::default()
    };
    calls.hand(id, Answer::of(&packet, memory), memory);
}

/// What waits for a caller is counted by its own bytes.
#[tokio::test]
async fn a_small_value_that_waits_keeps_nothing_but_itself() {
    let mut calls = Calls::new(10);
    let (id, mut values) = insert_stream(&mut calls).expect("there is room");
    let memory = Bytes::from(vec![b'7'; 64 << 10]);
    answer(&mut calls, id, &memory, 100..110);
    assert!(memory.is_unique(), "64 KiB are kept for 10 bytes");
    // One that is most of it need not be copied.
    answer(&mut calls, id, &memory, 0..60 << 10);
    assert!(!memory.is_unique());
    for length in [10, 60 << 10] {
        let value = values.next().await.expect("a value").expect("a value");
        assert_eq!(value.len(), length);
    }
}

#[tokio::test]
async fn a_stream_that_is_dropped_leaves_its_slot_with_the_next_value() {
    let mut calls = Calls::new(1);
    let (id, values) = insert_stream(&mut calls).expect("there is room");
    assert!(insert_stream(&mut calls).is_none());
    drop(values);
    let memory = Bytes::from_static(b"1");
    answer(&mut calls, id, &memory, 0..1);
    assert_eq!(calls.len(), 0);
    // Its further values are not those of the next one.
    let (next, mut values) = insert_stream(&mut calls).expect("there is room");
    answer(&mut calls, id, &memory, 0..1);
    calls.refuse(next, TransportError::Closed);
    let last = values.next().await.expect("an item");
    assert!(matches!(last, Err(Reply::Refused(TransportError::Closed))));
    assert!(values.next().await.is_none());
}
