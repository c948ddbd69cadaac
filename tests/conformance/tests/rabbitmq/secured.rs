//! Brokers that ask who is there.

use std::{fs, path::PathBuf};

use anywire::{RabbitMq, TransportError};
use anywire_brokers::{Certificates, RabbitMq as Server, names, unless_missing};
use anywire_conformance::{Handlers, conformance::ChecksClient};

use crate::{serve, soon, url};

/// A folder that is gone when the test is.
struct Folder(PathBuf);

impl Folder {
    fn new() -> Self {
        let folder = std::env::temp_dir().join(names::unique("anywire-rabbitmq"));
        fs::create_dir(&folder).expect("a folder");
        Self(folder)
    }

    fn file(&self, name: &str, text: &str) -> PathBuf {
        let file = self.0.join(name);
        fs::write(&file, text).expect("it is written");
        file
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        let _ = fs::remove_dir_all(&self.0);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn mutual_tls() {
    let certificates = Certificates::new();
    let broker = Server::new().mutual_tls(&certificates).start().await;
    let Some(broker) = unless_missing(broker) else {
        return;
    };
    let folder = Folder::new();
    let authority = folder.file("authority.pem", &certificates.authority);
    let certificate = folder.file("client.pem", &certificates.client.certificate);
    let key = folder.file("client.key", &certificates.client.key);

    let known = RabbitMq::connect(broker.url())
        .authority(&authority)
        .identity(certificate, key);
    let _running = serve(&Handlers::default(), &known).await;
    let checks = ChecksClient::new(known.await.expect("a client"));
    assert_eq!(soon(checks.echo("a")).await.expect("an echo"), "a");

    let unknown = RabbitMq::connect(broker.url());
    let stranger = unknown.clone().authority(authority);
    for refused in [unknown, stranger] {
        let error = soon(async { refused.await }).await;
        let error = error.expect_err("it is not let in");
        assert!(
            matches!(error, TransportError::Unreachable { .. }),
            "{error:?}"
        );
    }
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
