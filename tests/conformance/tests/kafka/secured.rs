//! TLS and passwords.

use anywire::{App, Kafka, transport::kafka::KafkaConnect};
use anywire_brokers::{Certificates, unless_missing};
use anywire_conformance::{
    Handlers,
    conformance::{ChecksClient, ChecksServer},
};

async fn echoes(connect: impl Fn() -> KafkaConnect) {
    let server = ChecksServer::new(Handlers::default()).on(connect());
    let running = App::new().serve(server).start().await.expect("it starts");
    let client = ChecksClient::new(connect().await.expect("a client"));
    assert_eq!(client.echo("a").await.expect("an echo"), "a");
    running.stop().await.expect("it stops");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn tls_and_a_password() {
    let certificates = Certificates::new();
    let broker = anywire_brokers::Kafka::new()
        .user("ada", "s3cret")
        .mutual_tls(&certificates);
    let Some(broker) = unless_missing(broker.start().await) else {
        return;
    };
    let files = certificates.files();
    let (certificate, key) = &files.client;
    let connect = || {
        Kafka::connect(broker.url())
            .authority(&files.authority)
            .identity(certificate, key)
    };

    echoes(|| connect().scram_sha256("ada", "s3cret")).await;
    echoes(|| connect().user("ada", "s3cret")).await;

    let wrong = connect().scram_sha256("ada", "another");
    let shown = format!("{wrong:?}");
    let refused = wrong.await.expect_err("a wrong password").to_string();
    for text in [&shown, &refused] {
        assert!(
            !text.contains("another") && !text.contains("s3cret"),
            "{text}"
        );
    }
    assert!(refused.contains("uthenti"), "{refused}");
    let foreign = Kafka::connect(broker.url()).tls().user("ada", "s3cret");
    foreign.await.expect_err("an authority that nobody knows");
}
