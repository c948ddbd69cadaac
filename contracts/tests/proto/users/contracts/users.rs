//! Users service.
//!
//! The second paragraph.
#![contract(package = "acme.users.v1", rename_all = "camelCase", encodings(json, proto))]

use crate::common::Money;

/// A registered user.
#[reserved(3, 8, "nick_name", "oldRole")]
pub struct User {
    #[n(1)]
    pub id: UserId,
    /// Where they are written to.
    #[n(2)]
    #[check(len = 3..=254, pattern = "^[^@]+@[^@]+$")]
    pub email: String,
    #[n(4)]
    pub role: Role,
    #[n(5)]
    #[default(0)]
    pub credit: u32,
    #[n(6)]
    pub deleted_at: Option<Timestamp>,
    #[n(7)]
    #[json(string)]
    #[deprecated(note = "nobody reads it")]
    pub revision: u64,
    #[n(9)]
    pub balance: Option<Money>,
}

pub struct UserId(pub Uuid);

/// What a user may do.
#[non_exhaustive]
#[reserved(3, "Guest")]
pub enum Role {
    /// Everything.
    Admin = 1,
    Member = 2,
    #[deprecated]
    SuperUser = 4,
}

/// How a user pays.
#[tag("kind")]
#[reserved(3, "BankTransfer")]
pub enum Payment {
    /// By card.
    Card {
        #[n(1)]
        last4: String,
        #[n(2)]
        #[default]
        labels: BTreeMap<String, String>,
    } = 1,
    Cash {} = 2,
    #[deprecated]
    Invoice = 4,
}

pub enum UserError {
    /// There is none.
    #[error(not_found, "User {id} not found")]
    NotFound {
        #[n(1)]
        id: UserId,
    } = 1,
    #[error(conflict, "{email} is taken", code = "EMAIL_TAKEN")]
    EmailInUse {
        #[n(1)]
        email: String,
    } = 2,
    #[error(unavailable, "directory is down", retryable)]
    DirectoryDown = 3,
}

/// Who is who.
#[service(version = 1)]
pub trait Users {
    /// Finds a user.
    #[message({ cmd: "get_user" }, timeout = "2s", idempotent)]
    fn get_user(id: UserId) -> Result<User, UserError>;
    #[message("math.sum")]
    fn sum(#[payload] numbers: Vec<i32>) -> i64;
    #[message("users.find")]
    fn find(
        /// What is looked for.
        #[n(2)]
        text: String,
        #[n(1)]
        #[default(20)]
        limit: u32,
    ) -> Vec<User>;
    #[message("users.add")]
    fn add(#[payload] user: User) -> Result<(), UserError>;
    #[message("users.pay")]
    fn pay(#[payload] payment: Payment) -> Option<Role>;
    #[message("users.ping")]
    fn ping();
    #[deprecated]
    #[message("users.watch")]
    fn watch(id: UserId) -> Result<Stream<User>, UserError>;
    #[message("users.import", grpc = "Imports/Run")]
    fn import(rows: Stream<User>) -> Result<u32, UserError>;
    #[message("users.sync")]
    fn sync(ids: Stream<UserId>) -> Stream<Money>;
    /// Never answered.
    #[message("audit.log", oneway)]
    fn log(line: String);
    /// A user was created.
    #[event("users.{role}.created", delivery = at_least_once, key = user_id)]
    fn user_created(role: Role, user_id: UserId, email: String);
    #[event("users.seen")]
    fn user_seen(#[payload] id: UserId);
    #[event("users.changed")]
    fn user_changed(#[payload] user: User);
}
