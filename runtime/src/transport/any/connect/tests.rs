use super::*;

/// What the URL chooses: the transport's name, or why there is none.
fn chosen(url: &str) -> String {
    match AnyConnect::new(url).chosen {
        Ok(chosen) => chosen.name.to_owned(),
        Err(error) => error.to_string(),
    }
}

#[test]
fn the_scheme_chooses() {
    for (url, transport, is_on) in [
        ("tcp://one:3001", "Tcp", cfg!(feature = "tcp")),
        ("tcps://one:3001", "Tcp", cfg!(feature = "tcp-tls")),
        ("redis://one:6379", "Redis", cfg!(feature = "redis")),
        ("rediss://one:6379", "Redis", cfg!(feature = "redis")),
        ("nats://one:4222,nats://two", "Nats", cfg!(feature = "nats")),
        ("tls://one:4222", "Nats", cfg!(feature = "nats")),
        ("amqp://one:5672/v", "RabbitMq", cfg!(feature = "rabbitmq")),
        ("amqps://one:5671", "RabbitMq", cfg!(feature = "rabbitmq")),
        ("kafka://one:9092,two", "Kafka", cfg!(feature = "kafka")),
        ("kafka+ssl://one", "Kafka", cfg!(feature = "kafka-tls")),
        ("grpc://one:5000", "Grpc", cfg!(feature = "grpc")),
        ("http://one:5000", "Grpc", cfg!(feature = "grpc")),
        ("grpcs://one:5000", "Grpc", cfg!(feature = "grpc")),
        ("HTTPS://one:5000/", "Grpc", cfg!(feature = "grpc")),
        ("memory:", "Memory", cfg!(feature = "memory")),
        ("memory:shop", "Memory", cfg!(feature = "memory")),
        ("memory://shop", "Memory", cfg!(feature = "memory")),
    ] {
        let chosen = chosen(url);
        if is_on {
            assert_eq!(chosen, transport, "{url}");
        } else {
            assert!(chosen.ends_with("is not turned on"), "{url}: {chosen}");
        }
    }
}

#[test]
fn a_feature_that_is_missing_is_named() {
    let error = unknown("nats://..", Some("nats"));
    assert_eq!(
        error.to_string(),
        "cannot connect to nats://..: the feature `nats` of anywire is not turned on"
    );
}

/// Each scheme is either chosen or known to need a feature, and never unknown.
#[test]
fn every_scheme_of_the_table_is_known() {
    for (scheme, _) in SCHEMES {
        let chosen = chosen(&format!("{scheme}://one:1"));
        assert!(!chosen.contains("expected one of"), "{scheme}: {chosen}");
    }
}

#[test]
fn an_unknown_scheme_is_told_all_others() {
    let error = chosen("ftp://user:secret@one");
    assert!(
        error.starts_with(
            "cannot connect to ftp://..: expected one of the schemes tcp, tcps, redis,"
        ),
        "{error}"
    );
    assert!(!error.contains("secret"), "{error}");
}

#[test]
fn what_is_no_url_is_shown_to_nobody() {
    for url in ["", "one:3001", "user:secret@one"] {
        let error = chosen(url);
        assert!(
            error.starts_with("cannot connect to a URL without a scheme: expected one of"),
            "{error}"
        );
        let shown = format!("{error} {:?}", AnyConnect::new(url));
        assert!(!shown.contains("secret"), "{shown}");
    }
}

#[test]
fn a_login_is_shown_to_nobody() {
    for (scheme, _) in SCHEMES {
        let connect = AnyConnect::new(&format!("{scheme}://user:secret@one:1"));
        let shown = format!("{connect:?} {}", Listen::transport(&connect));
        assert!(!shown.contains("secret"), "{shown}");
    }
}
