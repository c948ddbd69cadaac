use super::*;

#[test]
fn a_login_is_taken_out_of_a_url() {
    for (url, without, login) in [
        ("nats://h:1", "nats://h:1", None),
        ("h", "nats://h", None),
        ("nats://ada:x@h:1", "nats://h:1", Some(("ada", Some("x")))),
        ("tls://secret@h", "tls://h", Some(("secret", None))),
        (
            "ada%40x.org:a%3Ab%@h",
            "nats://h",
            Some(("ada@x.org", Some("a:b%"))),
        ),
        ("nats://a:b@c@h", "nats://h", Some(("a", Some("b@c")))),
    ] {
        let (found, found_login) = without_login(url);
        assert_eq!(found, without);
        let found_login = found_login.map(|login| match login {
            Login::User(name, password) => (name, Some(password)),
            Login::Token(token) => (token, None),
            Login::NKey(_) | Login::Credentials(_) => panic!("no URL has one"),
        });
        let login = login.map(|(one, other)| (one.to_owned(), other.map(str::to_owned)));
        assert_eq!(found_login, login, "{url}");
    }
}

#[test]
fn what_is_set_wins_over_the_url() {
    let connect = NatsConnect::new("nats://in:url@h,nats://h:2".to_owned()).token("set");
    let (addresses, login) = connect.addresses().expect("addresses");
    assert_eq!(shown(&addresses), "h:4222,h:2");
    assert!(matches!(login, Some(Login::Token(token)) if token == "set"));
}

#[test]
fn secrets_are_not_shown() {
    let connect = NatsConnect::new("nats://ada:secret@h:1".to_owned())
        .user("ada", "secret")
        .nkey("secret")
        .credentials("secret");
    assert!(!format!("{connect:?}").contains("secret"), "{connect:?}");
    let wrong = NatsConnect::new("http://ada:secret@h:1".to_owned());
    let error = wrong.addresses().map(drop).expect_err("no URL of NATS");
    assert!(!error.to_string().contains("secret"), "{error}");
}
