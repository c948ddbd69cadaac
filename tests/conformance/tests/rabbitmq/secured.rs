//! Brokers that ask who is there.

use anywire::{RabbitMq, TransportError};
use anywire_brokers::{Certificates, RabbitMq as Server, unless_missing};
use anywire_conformance::{Handlers, conformance::ChecksClient};

use crate::{serve, soon, url};

#[tokio::test(flavor = "multi_thread")]
async fn mutual_tls() {
    let certificates = Certificates::new();
    let broker = Server::new().mutual_tls(&certificates).start().await;
    let Some(broker) = unless_missing(broker) else {
        return;
    };
    let files = certificates.files();
    let (certificate, key) = &files.client;

    let known = RabbitMq::connect(broker.url())
        .authority(&files.authority)
        .identity(certificate, key);
    let _running = serve(&Handlers::default(), &known).await;
    let checks = ChecksClient::new(known.await.expect("a client"));
    assert_eq!(soon(checks.echo("a")).await.expect("an echo"), "a");

    let unknown = RabbitMq::connect(broker.url());
    let stranger = unknown.clone().authority(&files.authority);
    for refused in [unknown, stranger] {
        let error = soon(async { refused.await }).await;
        let error = error.expect_err("it is not let in");
        assert!(
            matches!(error, TransportError::Unreachable { .. }),
            "{error:?}"
        );
    }

    let nowhere = RabbitMq::connect(broker.url()).authority("nowhere/ca.pem");
    let error = nowhere.await.expect_err("there is no such file");
    let text = error.to_string();
    assert!(text.contains("nowhere/ca.pem: "), "{text}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_wrong_password_is_not_shown() {
    let Some(url) = url().await else { return };
    for refused in [
        RabbitMq::connect(url).user("guest", "lovelace"),
        RabbitMq::connect(url.replace("guest@", "lovelace@")),
        RabbitMq::connect("amqp://guest:lovelace@:99999"),
    ] {
        let error = soon(async { refused.await }).await;
        let text = error.expect_err("it is not let in").to_string();
        assert!(!text.contains("lovelace"), "{text}");
    }
}
