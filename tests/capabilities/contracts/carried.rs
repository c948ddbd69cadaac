//! One operation for each capability, which can be encoded as protobuf and has a topic.
#![contract(package = "capabilities.carried.v1", encodings(json, proto))]

#[service]
pub trait Asking {
    #[message("asking.ask")]
    fn ask(number: u32) -> u32;
}

#[service]
pub trait Watching {
    #[message("watching.watch")]
    fn watch(number: u32) -> Stream<u32>;
}

#[service]
pub trait Uploading {
    #[message("uploading.upload")]
    fn upload(numbers: Stream<u32>) -> u32;
}

#[service]
pub trait Chatting {
    #[message("chatting.chat")]
    fn chat(numbers: Stream<u32>) -> Stream<u32>;
}

#[service]
pub trait Telling {
    #[event("telling.told")]
    fn told(number: u32);
    #[event("telling.stored", delivery = at_least_once)]
    fn stored(number: u32);
    #[event("telling.ordered", delivery = at_least_once, key = number)]
    fn ordered(number: u32);
}

/// Both of its messages ask for the same.
#[service]
pub trait Importing {
    #[message("importing.users")]
    fn import_users(numbers: Stream<u32>) -> u32;
    #[message("importing.orders")]
    fn import_orders(numbers: Stream<u32>) -> u32;
}

/// Its patterns are no names of topics.
#[service]
pub trait Nameless {
    #[message({ cmd: "nameless" })]
    fn nameless(number: u32) -> u32;
    #[event({ event: "unnamed" })]
    fn unnamed(number: u32);
}
