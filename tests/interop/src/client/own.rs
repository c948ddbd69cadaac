//! What our client does on one wire, beside what it does on every one.

use anywire::{Tcp, transport::tcp::TcpConnect};
use serde_json::json;

use super::Cx;
use crate::{
    check::{Check, checks},
    interop::InteropClient,
    wire::{Mode, Wire},
};

/// The checks of that wire alone.
pub(super) fn of(wire: &Wire) -> &'static [(&'static str, Check<Cx>)] {
    match wire {
        Wire::TcpTls(_) => OF_TLS,
        Wire::Nats(_) | Wire::RabbitMq(_, Mode::Exchange) => OF_WILDCARDS,
        Wire::RabbitMq(_, Mode::Acks) => OF_ACKS,
        _ => &[],
    }
}

const OF_TLS: &[(&str, Check<Cx>)] = checks! {
    "a server that is not trusted" => not_trusted,
    "a client without a certificate" => no_certificate,
};

const OF_WILDCARDS: &[(&str, Check<Cx>)] = checks! {
    "event of a wildcard" => event_of_wildcard,
    "reply of a wildcard's handler" => reply_of_wildcard,
};

const OF_ACKS: &[(&str, Check<Cx>)] = checks! {
    "a request that is handed back, and taken again" => handed_back,
};

async fn not_trusted(cx: Cx) {
    // The authorities of the system have not signed it.
    assert_refused(Tcp::connect(format!("tls://127.0.0.1:{}", cx.port))).await;
}

async fn no_certificate(cx: Cx) {
    let Wire::TcpTls(files) = &cx.wire else {
        panic!("there is no TLS on {}", cx.wire.name())
    };
    let tcp = Tcp::connect(format!("127.0.0.1:{}", cx.port));
    assert_refused(tcp.authority(&files.authority)).await;
}

/// A server says only after the client's handshake that it does not let it in,
/// which so learns it from its first call.
async fn assert_refused(connect: TcpConnect) {
    let client = InteropClient::new(connect.lazy());
    let error = client
        .echo("let me in")
        .await
        .expect_err("it is not let in");
    assert!(error.to_string().contains("certificate"), "{error}");
}

async fn event_of_wildcard(cx: Cx) {
    for level in [7_u32, 8] {
        let sent = cx.scores.scored(level, "9").await;
        sent.expect("it is sent");
        let data = json!({ "level": level, "userId": "9" });
        cx.clone().until_heard("scored", data).await;
    }
}

async fn reply_of_wildcard(cx: Cx) {
    assert_eq!(cx.nest_only.level_seven().await.expect("a reply"), 7);
}

async fn handed_back(cx: Cx) {
    assert_eq!(cx.nest_only.reply_again().await.expect("a reply"), "again");
}
