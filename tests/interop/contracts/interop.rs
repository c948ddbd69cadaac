//! What the NestJS application of `nest/` speaks as well.
#![contract(package = "interop.v1", rename_all = "camelCase", encodings(json, proto))]

/// Somebody known.
pub struct User {
    #[n(1)]
    pub id: String,
    #[n(2)]
    pub email: String,
    #[n(3)]
    pub name: Option<String>,
}

/// Why there is no user.
pub enum UserError {
    #[error(not_found, "User {id} not found")]
    NotFound {
        #[n(1)]
        id: String,
    } = 1,
}

#[service]
pub trait Interop {
    #[message({ cmd: "get_user" }, idempotent, topic = "interop.get-user")]
    fn get_user(id: String) -> Result<User, UserError>;

    #[message("math.sum", idempotent)]
    fn sum(#[payload] numbers: Vec<i32>) -> i64;

    #[message("echo", idempotent)]
    fn echo(#[payload] text: String) -> String;

    #[message("nothing")]
    fn nothing();

    #[message("slow")]
    fn slow(ms: u32) -> u32;

    #[message({ cmd: "nested", opts: { b: 1, a: true } }, topic = "interop.nested")]
    fn nested() -> String;

    /// A line for each event heard, in order.
    #[message("events.seen", idempotent)]
    fn events_seen() -> Vec<String>;

    /// The metadata of the request.
    #[message("metadata.echo", idempotent)]
    fn metadata_echo() -> BTreeMap<String, String>;

    #[message("values.of.three")]
    fn values_of_three() -> Stream<u32>;

    #[message("values.of.none")]
    fn values_of_none() -> Stream<u32>;

    #[message("values.that.fail")]
    fn values_that_fail() -> Stream<u32>;

    #[message("values.up.to")]
    fn values_up_to(last: u32) -> Stream<u32>;

    #[message("audit.log", oneway)]
    fn log(line: String);

    #[event("user_created")]
    fn user_created(user_id: String, email: String);

    #[event({ topic: "user", kind: "renamed" }, topic = "interop.user-renamed")]
    fn user_renamed(user_id: String);
}
