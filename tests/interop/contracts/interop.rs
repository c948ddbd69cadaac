//! What the NestJS application of `nest/` speaks as well.
#![contract(package = "interop.v1", rename_all = "camelCase")]

/// Somebody known.
pub struct User {
    pub id: String,
    pub email: String,
    pub name: Option<String>,
}

/// Why there is no user.
pub enum UserError {
    #[error(not_found, "User {id} not found")]
    NotFound { id: String },
}

#[service]
pub trait Interop {
    #[message({ cmd: "get_user" }, idempotent)]
    fn get_user(id: String) -> Result<User, UserError>;

    #[message("math.sum", idempotent)]
    fn sum(#[payload] numbers: Vec<i32>) -> i64;

    #[message("echo", idempotent)]
    fn echo(#[payload] text: String) -> String;

    #[message("nothing")]
    fn nothing();

    #[message("slow")]
    fn slow(ms: u32) -> u32;

    #[message({ cmd: "nested", opts: { b: 1, a: true } })]
    fn nested() -> String;

    /// A line for each event heard, in order.
    #[message("events.seen", idempotent)]
    fn events_seen() -> Vec<String>;

    /// The metadata of the request.
    #[message("metadata.echo", idempotent)]
    fn metadata_echo() -> BTreeMap<String, String>;

    #[message("audit.log", oneway)]
    fn log(line: String);

    #[event("user_created")]
    fn user_created(user_id: String, email: String);

    #[event({ topic: "user", kind: "renamed" })]
    fn user_renamed(user_id: String);
}
