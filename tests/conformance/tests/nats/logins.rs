//! Passwords, tokens, keys and certificates.

use std::{fs, future::IntoFuture as _, path::PathBuf};

use anywire::{Nats, TransportError, transport::nats::NatsConnect};
use anywire_brokers::{Broker, Certificates, Error, unless_missing};
use anywire_conformance::{Handlers, conformance::ChecksClient};

use crate::service::{serve, soon};

/// The login is good for a service and its client.
async fn lets_in(connect: NatsConnect) {
    let _running = serve(&Handlers::default(), connect.clone()).await;
    let client = ChecksClient::new(connect.await.expect("it is let in"));
    let answer = soon("an answer", client.echo("x")).await;
    assert_eq!(answer.expect("an echo"), "x");
}

/// The login is not good, and nobody says what it was.
async fn keeps_out(connect: NatsConnect) {
    assert!(!format!("{connect:?}").contains("secret"), "{connect:?}");
    let error = soon("a refusal", connect.into_future())
        .await
        .expect_err("it is kept out");
    assert!(
        matches!(error, TransportError::Unreachable { .. }),
        "{error:?}"
    );
    assert!(!error.to_string().contains("secret"), "{error}");
}

/// The URL of a broker without the login in it.
fn bare(broker: &Broker) -> String {
    format!("nats://127.0.0.1:{}", broker.port())
}

#[tokio::test]
async fn a_user() {
    let started = anywire_brokers::Nats::new().user("ada", "secret1").start();
    let Some(broker) = unless_missing(started.await) else {
        return;
    };
    lets_in(Nats::connect(broker.url())).await;
    lets_in(Nats::connect(bare(&broker)).user("ada", "secret1")).await;
    keeps_out(Nats::connect(bare(&broker))).await;
    keeps_out(Nats::connect(bare(&broker)).user("ada", "secret2")).await;
    keeps_out(Nats::connect(broker.url().replace("secret1", "secret2"))).await;
}

#[tokio::test]
async fn a_token() {
    let started = anywire_brokers::Nats::new().token("secret1").start();
    let Some(broker) = unless_missing(started.await) else {
        return;
    };
    lets_in(Nats::connect(broker.url())).await;
    lets_in(Nats::connect(bare(&broker)).token("secret1")).await;
    keeps_out(Nats::connect(bare(&broker)).token("secret2")).await;
}

/// The pair in the documentation of NATS.
const PUBLIC: &str = "UDXU4RCSJNZOIQHZNWXHXORDPRTGNJAHAHFRGZNEEJCPQTT2M7NLCNF4";
const SEED: &str = "SUACSSL3UAHUDXKFSNVUZRF5UHPMWZ6BFDTJ7M6USDXIEDNPPQYYYCU3VY";

#[tokio::test]
async fn an_nkey() {
    let Some(broker) = unless_missing(anywire_brokers::Nats::new().nkey(PUBLIC).start().await)
    else {
        return;
    };
    lets_in(Nats::connect(bare(&broker)).nkey(SEED)).await;
    keeps_out(Nats::connect(bare(&broker))).await;
    keeps_out(Nats::connect(bare(&broker)).nkey("secret")).await;
    keeps_out(Nats::connect(bare(&broker)).credentials("secret")).await;
}

struct Files {
    folder: tempfile::TempDir,
}

impl Files {
    fn of(certificates: &Certificates) -> Self {
        let folder = tempfile::tempdir().expect("a folder");
        for (name, text) in [
            ("authority.pem", &certificates.authority),
            ("client.pem", &certificates.client.certificate),
            ("client.key", &certificates.client.key),
        ] {
            fs::write(folder.path().join(name), text).expect("it is written");
        }
        Self { folder }
    }

    fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }
}

async fn check_tls(certificates: Certificates, is_mutual: bool, started: Result<Broker, Error>) {
    let Some(broker) = unless_missing(started) else {
        return;
    };
    let files = Files::of(&certificates);
    let strangers = Files::of(&Certificates::new());
    let trusting = || Nats::connect(broker.url()).authority(files.path("authority.pem"));
    let identified = || trusting().identity(files.path("client.pem"), files.path("client.key"));
    lets_in(identified()).await;
    match is_mutual {
        true => keeps_out(trusting()).await,
        false => {
            lets_in(trusting()).await;
            // Without `tls://`: who names an authority asks for TLS.
            let without = broker.url().replace("tls://", "nats://");
            lets_in(Nats::connect(without).authority(files.path("authority.pem"))).await;
        }
    }
    keeps_out(Nats::connect(broker.url())).await;
    keeps_out(Nats::connect(broker.url()).authority(strangers.path("authority.pem"))).await;
    keeps_out(Nats::connect(broker.url()).authority(files.path("absent.pem"))).await;
}

#[tokio::test]
async fn tls() {
    let certificates = Certificates::new();
    let started = anywire_brokers::Nats::new()
        .tls(&certificates)
        .user("ada", "secret1");
    check_tls(certificates.clone(), false, started.start().await).await;
}

#[tokio::test]
async fn certificates_on_both_sides() {
    let certificates = Certificates::new();
    let started = anywire_brokers::Nats::new().mutual_tls(&certificates);
    check_tls(certificates.clone(), true, started.start().await).await;
}

/// Who asks for TLS gets no connection without it.
#[tokio::test]
async fn tls_is_not_given_up() {
    let Some(broker) = unless_missing(anywire_brokers::Nats::new().start().await) else {
        return;
    };
    let files = Files::of(&Certificates::new());
    keeps_out(Nats::connect(bare(&broker)).authority(files.path("authority.pem"))).await;
    keeps_out(Nats::connect(bare(&broker).replace("nats://", "tls://"))).await;
}
