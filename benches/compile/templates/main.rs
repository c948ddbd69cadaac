use std::{hint::black_box, time::Instant};

use anywire::{App, Context, Failure, Memory};
use subject::{bench, decode, encode};

const TIMES: u32 = 2_000_000;

/// Prints the nanoseconds of encoding and of decoding one message.
#[tokio::main(flavor = "current_thread")]
async fn main() {
    let value = bench::Reply0 {
        id: 123_456,
        name: "Ada Lovelace".to_owned(),
        active: true,
        score: 0.75,
        note: Some("first of her kind".to_owned()),
    };
    let start = Instant::now();
    for _ in 0..TIMES {
        black_box(encode(black_box(&value)));
    }
    let encoded = start.elapsed();
    let bytes = encode(&value);
    let start = Instant::now();
    for _ in 0..TIMES {
        black_box(decode(black_box(&bytes)));
    }
    let decoded = start.elapsed();
    println!("{} {}", encoded.as_nanos() as f64 / f64::from(TIMES), decoded.as_nanos() as f64 / f64::from(TIMES));
    if std::env::args().count() > 1 {
        let memory = Memory::new();
        let app = App::new().serve(bench::BenchServer::new(Handler).on(memory.clone()));
        let running = app.start().await.unwrap();
        call_all(bench::BenchClient::new(anywire::AnyTransport::new(memory))).await;
        running.stop().await.unwrap();
    }
}

struct Handler;
