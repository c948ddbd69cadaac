use super::{hash, of, text};
use crate::{CheckedContract, Source, compile};

const USERS: &str = r#"
#![contract(package = "acme.users.v1", rename_all = "camelCase", encodings(json, proto))]

pub struct User {
    #[n(1)]
    pub id: UserId,
    #[n(2)]
    pub nick_name: Option<String>,
    #[n(3)]
    #[default(3)]
    pub credit: u32,
    #[n(4)]
    #[json(string)]
    pub revision: u64,
    #[n(5)]
    pub friends: Vec<User>,
    #[n(6)]
    pub paid_by: Payment,
    #[n(7)]
    pub roles: BTreeMap<String, Role>,
    #[n(8)]
    pub first_role: Role,
}

pub struct UserId(pub Uuid);

pub enum Role {
    Admin = 1,
    Member = 2,
}

pub enum Payment {
    Card {
        #[n(1)]
        last4: String,
    } = 1,
    Cash {} = 3,
}

pub enum UserError {
    #[error(not_found, "user {id} not found")]
    NotFound {
        #[n(1)]
        id: UserId,
    } = 1,
    #[error(unavailable, "come back later", retryable)]
    Busy = 2,
}

#[service]
pub trait Users {
    #[message({ cmd: "get" })]
    fn get(id: UserId, fresh: bool) -> Result<User, UserError>;
    #[message("users.watch")]
    fn watch(#[payload] #[n(2)] role: Role) -> Stream<User>;
    #[message("users.import")]
    fn import(users: Stream<User>) -> u32;
    #[message("users.log", oneway)]
    fn log(#[payload] line: String);
    #[event("users.{role}.created")]
    fn created(#[payload] role: Role);
}
"#;

fn checked(text: &str) -> CheckedContract {
    let (contract, findings) = compile(&[Source::new("users.rs", ["users"], text)]);
    contract.unwrap_or_else(|| panic!("{findings:#?}\n{text}"))
}

/// The fingerprint of every operation, in the order of their names.
fn fingerprints(text: &str) -> Vec<String> {
    let contract = checked(text);
    let file = &contract.contract().files[0];
    let operations = file.services.iter().flat_map(|service| &service.operations);
    let mut found: Vec<(&str, String)> = operations
        .map(|operation| {
            (
                &*operation.name.wire,
                of(contract.contract(), file, operation),
            )
        })
        .collect();
    found.sort();
    found
        .into_iter()
        .map(|(_, fingerprint)| fingerprint)
        .collect()
}

/// Peers of other releases know these: what is here never changes.
#[test]
fn the_texts_and_their_fingerprints_stay_as_they_are() {
    let contract = checked(USERS);
    let file = &contract.contract().files[0];
    let operations = &file.services[0].operations;
    let texts = operations
        .iter()
        .map(|operation| text(contract.contract(), file, operation));
    let user = concat!(
        r#"{"credit" 3 or default: u32, "firstRole" 8: ("admin" 1 | "member" 2), "#,
        r#""friends" 5: Vec<#0>, "id" 1: Uuid, "nickName" 2: Option<String>, "#,
        r#""paidBy" 6: "type" ("card" 1 {"last4" 1: String} | "cash" 3 {}), "#,
        r#""revision" 4: text u64, "roles" 7: Map<String, #1>}"#,
    );
    let watched = user
        .replace("#0", "#?")
        .replace(r#"("admin" 1 | "member" 2)"#, "#0");
    let watched = watched.replace("#1", "#0").replace("#?", "#1");
    let expected = [
        format!(
            "{} {user} ! {}",
            r#"message "{\"cmd\":\"get\"}" {"fresh" 2: bool, "id" 1: Uuid} ->"#,
            concat!(
                r#""acme.users.v1.UserError" | "BUSY" 2 Unavailable {}"#,
                r#" | "NOT_FOUND" 1 NotFound {"id" 1: Uuid}"#
            ),
        ),
        format!(r#"message "users.watch" 2: ("admin" 1 | "member" 2) -> stream {watched}"#),
        format!(r#"message "users.import" stream {user} -> u32"#),
        r#"oneway "users.log" 1: String"#.to_owned(),
        r#"event "users.{}.created" 1: ("admin" 1 | "member" 2)"#.to_owned(),
    ];
    assert_eq!(texts.collect::<Vec<_>>(), expected);
    assert_eq!(
        fingerprints(USERS),
        [
            "a5e4525846c05949",
            "a3c92beb9a13d465",
            "f69544b8465271fc",
            "32717c3cc2a66ace",
            "5a7c0bc2a3d7b0e3",
        ]
    );
    // As others have it.
    assert_eq!(hash("a"), 0xaf63_dc4c_8601_ec8c);
}

/// The contract with a part of it replaced.
#[track_caller]
fn with(before: &str, after: &str) -> String {
    assert!(USERS.contains(before), "{before}");
    USERS.replace(before, after)
}

#[test]
fn what_is_not_on_the_wire_makes_no_difference() {
    for (before, after) in [
        ("pub struct User {", "/// Somebody.\npub struct User {"),
        ("#[default(3)]", "#[default(4)]"),
        (
            "    #[n(2)]\n    pub nick_name",
            "    #[check(len = 1..=9)]\n    #[n(2)]\n    pub nick_name",
        ),
        (
            "    Admin = 1,\n    Member = 2,",
            "    Member = 2,\n    Admin = 1,",
        ),
        (
            "    #[n(4)]\n    #[json(string)]\n    pub revision: u64,\n    #[n(5)]\n    pub friends: Vec<User>,",
            "    #[n(5)]\n    pub friends: Vec<User>,\n    #[n(4)]\n    #[json(string)]\n    pub revision: u64,",
        ),
        ("pub enum Role {", "#[non_exhaustive]\npub enum Role {"),
        ("BTreeMap", "HashMap"),
        ("UserId", "Id"),
        ("Payment", "Paid"),
        (
            "pub nick_name: Option<String>",
            "#[name(\"nickName\")]\n    pub nick: Option<String>",
        ),
        ("not found\"", "is missing\""),
        ("{ cmd: \"get\" }", "cmd = \"get\""),
        ("oneway)", "oneway, topic = \"log\")"),
        ("\"users.watch\"", "\"users.watch\", timeout = \"2s\""),
        ("pub trait Users", "pub trait Accounts"),
        (
            "    #[message(\"users.log\", oneway)]",
            "    #[message(\"users.count\")]\n    fn zero() -> u32;\n    #[message(\"users.log\", oneway)]",
        ),
    ] {
        let mut changed = fingerprints(&with(before, after));
        changed.truncate(5);
        assert_eq!(changed, fingerprints(USERS), "{after}");
    }
}

#[test]
fn what_is_on_the_wire_makes_a_difference() {
    const CREATED: usize = 0;
    const GET: usize = 1;
    const IMPORT: usize = 2;
    const LOG: usize = 3;
    const WATCH: usize = 4;
    let user = &[GET, IMPORT, WATCH][..];
    for (before, after, which) in [
        ("pub credit: u32", "pub credit: i32", user),
        ("pub credit: u32", "pub credits: u32", user),
        ("#[n(3)]", "#[n(9)]", user),
        ("    #[default(3)]\n", "", user),
        ("Option<String>", "String", user),
        ("    #[json(string)]\n", "", user),
        ("Vec<User>", "BTreeMap<String, User>", user),
        ("    #[n(8)]\n    pub first_role: Role,\n", "", user),
        (
            "pub enum Payment",
            "#[tag(\"kind\")]\npub enum Payment",
            user,
        ),
        ("Cash {} = 3", "Cash {} = 4", user),
        ("last4: String", "last4: u32", user),
        ("Member = 2", "Guest = 2", &[CREATED, GET, IMPORT, WATCH]),
        (
            "pub struct UserId(pub Uuid)",
            "pub struct UserId(pub String)",
            user,
        ),
        ("Busy = 2", "Busy = 3", &[GET]),
        ("unavailable, ", "conflict, ", &[GET]),
        ("later\",", "later\", code = \"LATER\",", &[GET]),
        ("UserError", "GetError", &[GET]),
        ("Result<User, UserError>", "User", &[GET]),
        ("fresh: bool", "fresh: Option<bool>", &[GET]),
        (
            "(id: UserId, fresh: bool)",
            "(fresh: bool, id: UserId)",
            &[GET],
        ),
        ("\"get\"", "\"find\"", &[GET]),
        ("-> Stream<User>", "-> User", &[WATCH]),
        ("#[payload] #[n(2)]", "#[payload] #[n(3)]", &[WATCH]),
        ("users: Stream<User>", "#[payload] users: User", &[IMPORT]),
        ("\"users.log\", oneway", "\"users.log\"", &[LOG]),
        ("\"users.{role}.created\"", "\"users.created\"", &[CREATED]),
    ] {
        let (before_it, changed) = (fingerprints(USERS), fingerprints(&with(before, after)));
        let differ = (0..5).filter(|at| before_it[*at] != changed[*at]);
        assert_eq!(differ.collect::<Vec<_>>(), which, "{before} -> {after}");
    }
}

#[test]
fn numbers_count_where_protobuf_has_them() {
    let json = |number: u32| {
        let users = USERS.replace(", encodings(json, proto)", "");
        fingerprints(&users.replace("#[n(8)]", &format!("#[n({number})]")))
    };
    assert_eq!(json(8), json(9));
    assert_ne!(json(8), fingerprints(USERS));
}
