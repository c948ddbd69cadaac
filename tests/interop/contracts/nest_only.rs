//! What only the NestJS server answers: replies that ours never sends.
#![contract(package = "interop.nest.v1", rename_all = "camelCase", encodings(json, proto))]

#[service]
pub trait NestOnly {
    #[message("reply.null")]
    fn reply_null() -> Json;

    #[message("reply.undefined")]
    fn reply_undefined();

    #[message("reply.late.end")]
    fn reply_late_end() -> String;

    #[message("stream.of.three")]
    fn stream_of_three() -> u32;

    #[message("stream.of.none")]
    fn stream_of_none();

    #[message("stream.that.fails")]
    fn stream_that_fails() -> u32;

    /// On RabbitMQ, where handlers acknowledge.
    #[message("reply.again")]
    fn reply_again() -> String;

    /// Where there are wildcards: the handler's pattern is `levels.*`.
    #[message("levels.7", idempotent)]
    fn level_seven() -> u32;

    #[message("no.such.message")]
    fn no_such_message() -> String;

    #[message({ cmd: "no_such_message" }, topic = "interop.no-such-message")]
    fn no_such_command() -> String;
}
