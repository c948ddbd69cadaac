//! Passwords, tokens, keys and certificates.

use std::future::IntoFuture as _;

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

async fn check_tls(certificates: Certificates, is_mutual: bool, started: Result<Broker, Error>) {
    let Some(broker) = unless_missing(started) else {
        return;
    };
    let files = certificates.files();
    let strangers = Certificates::new().files();
    let trusting = || Nats::connect(broker.url()).authority(&files.authority);
    let (certificate, key) = &files.client;
    let identified = || trusting().identity(certificate, key);
    lets_in(identified()).await;
    match is_mutual {
        true => keeps_out(trusting()).await,
        false => {
            lets_in(trusting()).await;
            // Without `tls://`: who names an authority asks for TLS.
            let without = broker.url().replace("tls://", "nats://");
            lets_in(Nats::connect(without).authority(&files.authority)).await;
        }
    }
    keeps_out(Nats::connect(broker.url())).await;
    keeps_out(Nats::connect(broker.url()).authority(&strangers.authority)).await;
    keeps_out(Nats::connect(broker.url()).authority("absent.pem")).await;
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
    let files = Certificates::new().files();
    keeps_out(Nats::connect(bare(&broker)).authority(&files.authority)).await;
    keeps_out(Nats::connect(bare(&broker).replace("nats://", "tls://"))).await;
}
