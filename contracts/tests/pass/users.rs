//! Users service.
//!
//! The second paragraph.
#![contract(package = "acme.users.v1", rename_all = "camelCase", encodings(json))]

use crate::common::Money;

/// A registered user.
#[reserved(3, "nick_name")]
pub struct User {
    #[n(1)]
    pub id: UserId,
    #[n(2)]
    #[check(len = 3..=254, pattern = "^[^@]+@[^@]+$")]
    pub email: String,
    #[n(4)]
    #[default(Member)]
    pub role: Role,
    #[n(5)]
    #[default(0)]
    pub credit: u32,
    #[n(6)]
    pub deleted_at: Option<Timestamp>,
    #[n(7)]
    #[json(string)]
    pub revision: u64,
    #[n(8)]
    #[default]
    #[check(len = ..=20, unique)]
    pub tags: Vec<String>,
    #[n(9)]
    pub balance: Money,
    #[n(10)]
    #[default]
    pub labels: BTreeMap<String, String>,
    #[n(11)]
    #[name("type")]
    pub kind: Option<Payment>,
    #[n(12)]
    pub friends: Users,
    #[n(13)]
    pub boss: Option<Box<User>>,
    #[n(14)]
    #[default("30s")]
    #[check(range = "1s"..="1h")]
    pub session: Duration,
    #[n(15)]
    #[default(-1.5)]
    #[check(range = -2.0..)]
    pub score: f64,
}

pub type Users = Vec<User>;

#[check(pattern = "^[0-9a-f-]+$")]
pub struct UserId(pub String);

#[non_exhaustive]
pub enum Role {
    Admin = 1,
    Member = 2,
}

/// How a user pays.
#[tag("kind")]
pub enum Payment {
    /// By card.
    Card {
        #[check(len = 4..=4)]
        last4: String,
    },
    #[deprecated(since = "2", note = "use `Card`")]
    Cash {},
    Invoice,
}

pub enum UserError {
    #[error(not_found, "User {id} {{not}} found")]
    NotFound { id: UserId },
    #[error(conflict, "{email} is taken", code = "EMAIL_TAKEN")]
    EmailInUse { email: String },
    #[error(503, "directory is down", retryable)]
    DirectoryDown,
}

/// Who is who.
#[service(version = 1)]
pub trait UserDirectory {
    /// Finds a user.
    #[message({ cmd: "get_user" }, timeout = "2s", idempotent)]
    fn get_user(id: UserId) -> Result<User, UserError>;
    #[message("math.sum")]
    fn sum(#[payload] numbers: Vec<i32>) -> i64;
    #[message(cmd = "list", timeout = "1.5s")]
    fn list(#[default(20)] #[check(range = 1..=100)] limit: u32, after: Option<String>) -> Vec<User>;
    #[message("users.watch", timeout = "1h", idempotent)]
    fn watch(id: UserId) -> Result<Stream<User>, UserError>;
    #[message("users.import")]
    fn import(rows: Stream<User>) -> Result<u32, UserError>;
    #[message("users.sync")]
    fn sync(changes: Stream<Vec<User>>) -> Stream<Payment>;
    #[message("users.ping")]
    fn ping();
    #[message("users.remove")]
    fn remove(id: UserId) -> Result<(), UserError>;
    #[message("audit.log", oneway)]
    fn log(line: String, r#type: String);
    #[event("users.created", delivery = at_least_once, key = user_id)]
    fn user_created(user_id: UserId, email: String);
    #[event("users.{role}.{id}.moved")]
    fn user_moved(role: Role, id: Uuid, from: String);
    #[event("users.seen")]
    fn user_seen(#[payload] id: UserId);
}
