//! Passwords and certificates are asked for, and the right ones let in.

use std::{
    io::{self, Read, Write},
    net::TcpStream,
    sync::Arc,
    time::Duration,
};

use anywire_brokers::{
    Broker, Certificates, Error, Identity, Kafka, Nats, RabbitMq, Redis, unless_missing,
};
use rustls::{
    ClientConfig, ClientConnection, RootCertStore, StreamOwned,
    pki_types::{CertificateDer, PrivateKeyDer, ServerName, pem::PemObject as _},
};

/// A question of a protocol, and what is in its answer.
struct Talk {
    /// Whether the server says a line before TLS begins.
    server_speaks_first: bool,
    question: &'static [u8],
    answer: &'static [u8],
}

const REDIS: Talk = Talk {
    server_speaks_first: false,
    question: b"PING\r\n",
    answer: b"+PONG",
};
const NATS: Talk = Talk {
    server_speaks_first: true,
    question: b"CONNECT {\"verbose\":false}\r\nPING\r\n",
    answer: b"PONG",
};
const AMQP: Talk = Talk {
    server_speaks_first: false,
    question: b"AMQP\x00\x00\x09\x01",
    answer: b"RabbitMQ",
};
/// Which versions it has of its requests; the answer begins with the number of the request.
const KAFKA: Talk = Talk {
    server_speaks_first: false,
    question: b"\x00\x00\x00\x0b\x00\x12\x00\x00\x00\x00\x00\x07\x00\x01x",
    answer: b"\x00\x00\x00\x07\x00\x00",
};

async fn check_tls(
    talk: Talk,
    scheme: &str,
    certificates: &Certificates,
    mutual: bool,
    started: Result<Broker, Error>,
) {
    let Some(broker) = unless_missing(started) else {
        return;
    };
    assert!(broker.url().starts_with(scheme), "{}", broker.url());
    let port = broker.port();
    let client = Some(&certificates.client);
    over_tls(port, &talk, certificates, client).expect("with a certificate");
    let without = over_tls(port, &talk, certificates, None);
    assert_eq!(without.is_err(), mutual, "without one: {without:?}");
    let strangers = Certificates::new();
    over_tls(port, &talk, &strangers, None).expect_err("the server's is of another authority");
}

fn over_tls(
    port: u16,
    talk: &Talk,
    certificates: &Certificates,
    client: Option<&Identity>,
) -> io::Result<()> {
    let mut stream = connect(port)?;
    if talk.server_speaks_first {
        read_until(&mut stream, b"\r\n")?;
    }
    let config = config(certificates, client).map_err(io::Error::other)?;
    let server = ServerName::try_from("localhost").map_err(io::Error::other)?;
    let tls = ClientConnection::new(Arc::new(config), server).map_err(io::Error::other)?;
    let mut stream = StreamOwned::new(tls, stream);
    stream.write_all(talk.question)?;
    read_until(&mut stream, talk.answer)?;
    Ok(())
}

fn config(
    certificates: &Certificates,
    client: Option<&Identity>,
) -> Result<ClientConfig, Box<dyn std::error::Error + Send + Sync>> {
    let certificate = |pem: &str| CertificateDer::from_pem_slice(pem.as_bytes());
    let mut trusted = RootCertStore::empty();
    trusted.add(certificate(&certificates.authority)?)?;
    // By name, since a build may hold several.
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let config = ClientConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .expect("protocol versions")
        .with_root_certificates(trusted);
    Ok(match client {
        None => config.with_no_client_auth(),
        Some(Identity {
            certificate: pem,
            key,
            ..
        }) => config.with_client_auth_cert(
            vec![certificate(pem)?],
            PrivateKeyDer::from_pem_slice(key.as_bytes())?,
        )?,
    })
}

fn ask(port: u16, question: &[u8], end: &[u8]) -> Vec<u8> {
    let mut stream = connect(port).expect("it listens");
    stream.write_all(question).expect("it takes the question");
    read_until(&mut stream, end).expect("it answers")
}

fn connect(port: u16) -> io::Result<TcpStream> {
    let stream = TcpStream::connect(("127.0.0.1", port))?;
    stream.set_read_timeout(Some(Duration::from_secs(20)))?;
    Ok(stream)
}

fn read_until(stream: &mut impl Read, end: &[u8]) -> io::Result<Vec<u8>> {
    let (mut heard, mut byte) = (Vec::new(), [0]);
    while !heard.ends_with(end) {
        stream.read_exact(&mut byte)?;
        heard.extend(byte);
    }
    Ok(heard)
}

#[tokio::test]
async fn redis_over_tls() {
    let certificates = Certificates::new();
    let tls = Redis::new().tls(&certificates).start().await;
    check_tls(REDIS, "rediss://", &certificates, false, tls).await;
    let mutual = Redis::new().mutual_tls(&certificates).start().await;
    check_tls(REDIS, "rediss://", &certificates, true, mutual).await;
}

#[tokio::test]
async fn nats_over_tls() {
    let certificates = Certificates::new();
    let tls = Nats::new().tls(&certificates).start().await;
    check_tls(NATS, "tls://", &certificates, false, tls).await;
    let mutual = Nats::new().mutual_tls(&certificates).start().await;
    check_tls(NATS, "tls://", &certificates, true, mutual).await;
}

#[tokio::test]
async fn rabbitmq_over_tls() {
    let certificates = Certificates::new();
    let tls = RabbitMq::new().tls(&certificates).start().await;
    check_tls(AMQP, "amqps://guest:guest@", &certificates, false, tls).await;
    let mutual = RabbitMq::new().mutual_tls(&certificates).start().await;
    check_tls(AMQP, "amqps://guest:guest@", &certificates, true, mutual).await;
}

#[tokio::test]
async fn kafka_over_tls() {
    let certificates = Certificates::new();
    let tls = Kafka::new().tls(&certificates).start().await;
    check_tls(KAFKA, "127.0.0.1:", &certificates, false, tls).await;
    let mutual = Kafka::new().mutual_tls(&certificates).start().await;
    check_tls(KAFKA, "127.0.0.1:", &certificates, true, mutual).await;
}

#[tokio::test]
async fn redis_with_a_password() {
    let Some(broker) = unless_missing(Redis::new().password("secret").start().await) else {
        return;
    };
    let port = broker.port();
    assert_eq!(broker.url(), format!("redis://:secret@127.0.0.1:{port}"));
    assert!(ask(port, b"PING\r\n", b"\r\n").starts_with(b"-NOAUTH"));
    ask(port, b"AUTH secret\r\nPING\r\n", b"+PONG\r\n");
}

#[tokio::test]
async fn redis_with_a_user() {
    let Some(broker) = unless_missing(Redis::new().user("ada", "secret").start().await) else {
        return;
    };
    let port = broker.port();
    assert_eq!(broker.url(), format!("redis://ada:secret@127.0.0.1:{port}"));
    assert!(ask(port, b"AUTH secret\r\n", b"\r\n").starts_with(b"-WRONGPASS"));
    ask(port, b"AUTH ada secret\r\nPING\r\n", b"+PONG\r\n");
}

#[tokio::test]
async fn nats_with_a_login() {
    let ways = [
        (
            Nats::new().user("ada", "secret"),
            "ada:secret@",
            r#""user":"ada","pass":"secret""#,
        ),
        (
            Nats::new().token("secret"),
            "secret@",
            r#""auth_token":"secret""#,
        ),
    ];
    for (nats, login, options) in ways {
        let Some(broker) = unless_missing(nats.start().await) else {
            return;
        };
        let port = broker.port();
        assert_eq!(broker.url(), format!("nats://{login}127.0.0.1:{port}"));
        ask(
            port,
            b"CONNECT {}\r\nPING\r\n",
            b"-ERR 'Authorization Violation'\r\n",
        );
        let connect = format!("CONNECT {{{options}}}\r\nPING\r\n");
        ask(port, connect.as_bytes(), b"PONG\r\n");
    }
}

#[tokio::test]
async fn nats_with_an_nkey() {
    let public = "UDXU4RCSJNZOIQHZNWXHXORDPRTGNJAHAHFRGZNEEJCPQTT2M7NLCNF4";
    let Some(broker) = unless_missing(Nats::new().nkey(public).start().await) else {
        return;
    };
    // What the client has to sign.
    ask(broker.port(), b"", b"\"nonce\"");
}

#[tokio::test]
async fn kafka_with_a_user() {
    let Some(broker) = unless_missing(Kafka::new().user("ada", "secret").start().await) else {
        return;
    };
    let login = |mechanism, message| kafka_login(broker.port(), mechanism, message);
    assert_eq!(login("PLAIN", "\0ada\0secret"), 0);
    assert_eq!(login("PLAIN", "\0ada\0wrong"), 58);
    // The first of two steps: the server knows the user.
    assert_eq!(login("SCRAM-SHA-256", "n,,n=ada,r=nonce"), 0);
    assert_eq!(login("SCRAM-SHA-256", "n,,n=bob,r=nonce"), 58);
}

/// The code of what Kafka answers to the first message of a login.
fn kafka_login(port: u16, mechanism: &str, message: &str) -> i16 {
    let mut stream = connect(port).expect("it listens");
    let length = u16::try_from(mechanism.len()).expect("it is short");
    let handshake = [&length.to_be_bytes(), mechanism.as_bytes()].concat();
    assert_eq!(kafka_request(&mut stream, 17, 1, &handshake), 0);
    let length = u32::try_from(message.len()).expect("it is short");
    let authenticate = [&length.to_be_bytes(), message.as_bytes()].concat();
    kafka_request(&mut stream, 36, 0, &authenticate)
}

/// Sends a request, and takes the code that its answer begins with.
fn kafka_request(stream: &mut TcpStream, key: i16, version: i16, body: &[u8]) -> i16 {
    let number_and_client = b"\x00\x00\x00\x01\x00\x01x";
    let length = u32::try_from(4 + number_and_client.len() + body.len()).expect("it is short");
    let request = [
        &length.to_be_bytes()[..],
        &key.to_be_bytes(),
        &version.to_be_bytes(),
        number_and_client,
        body,
    ];
    let mut heard = [0; 4];
    let mut answer = || {
        stream.write_all(&request.concat())?;
        stream.read_exact(&mut heard)?;
        let mut answer = vec![0; u32::from_be_bytes(heard) as usize];
        stream.read_exact(&mut answer)?;
        Ok::<_, io::Error>(i16::from_be_bytes([answer[4], answer[5]]))
    };
    answer().expect("it answers")
}
