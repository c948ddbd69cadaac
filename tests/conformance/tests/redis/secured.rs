//! Passwords and TLS.

use anywire::{App, Redis, transport::redis::RedisConnect};
use anywire_brokers::{Certificates, unless_missing};
use anywire_conformance::{
    Handlers,
    conformance::{ChecksClient, ChecksServer},
};

/// Serves and calls by the same way.
async fn works(connect: RedisConnect) {
    let shown = format!("{connect:?}");
    assert!(!shown.contains("secret"), "{shown}");
    let server = ChecksServer::new(Handlers::default()).on(connect.clone());
    let running = App::new().serve(server).start().await;
    let running = running.expect("the app starts");
    let client = ChecksClient::new(connect.await.expect("a client"));
    assert_eq!(client.echo("safe").await.expect("an echo"), "safe");
    running.stop().await.expect("it stops");
}

async fn is_refused(connect: RedisConnect) {
    let error = connect.await.expect_err("it is refused").to_string();
    assert!(!error.contains("secret"), "{error}");
}

#[tokio::test]
async fn a_user_with_a_password() {
    let redis = anywire_brokers::Redis::new().user("ada", "secret");
    let Some(broker) = unless_missing(redis.start().await) else {
        return;
    };
    works(Redis::connect(broker.url())).await;
    let without = format!("redis://127.0.0.1:{}", broker.port());
    works(Redis::connect(&without).user("ada", "secret")).await;
    is_refused(Redis::connect(&without)).await;
    is_refused(Redis::connect(&without).user("ada", "secret2")).await;
}

#[tokio::test]
async fn a_password_alone() {
    let redis = anywire_brokers::Redis::new().password("secret");
    let Some(broker) = unless_missing(redis.start().await) else {
        return;
    };
    works(Redis::connect(broker.url())).await;
    is_refused(Redis::connect(format!(
        "redis://127.0.0.1:{}",
        broker.port()
    )))
    .await;
}

#[tokio::test]
async fn tls() {
    let certificates = Certificates::new();
    let redis = anywire_brokers::Redis::new().user("ada", "secret");
    let Some(broker) = unless_missing(redis.tls(&certificates).start().await) else {
        return;
    };
    let files = certificates.files();
    works(Redis::connect(broker.url()).authority(&files.authority)).await;
    is_refused(Redis::connect(broker.url())).await;
    is_refused(Redis::connect(broker.url()).authority("missing.pem")).await;
}

#[tokio::test]
async fn tls_that_both_sides_prove() {
    let certificates = Certificates::new();
    let redis = anywire_brokers::Redis::new().mutual_tls(&certificates);
    let Some(broker) = unless_missing(redis.start().await) else {
        return;
    };
    let files = certificates.files();
    let connect = || Redis::connect(broker.url()).authority(&files.authority);
    let (certificate, key) = &files.client;
    works(connect().identity(certificate, key)).await;
    is_refused(connect()).await;
}
