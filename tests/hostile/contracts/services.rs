//! Operations whose names mean something elsewhere.
#![contract(package = "hostile.services.v1", encodings(json, proto))]

use crate::r#type::{Clone, Debug, Error, Into};

#[service]
pub trait Future {
    #[message("call")]
    fn call(cx: String, request: u8, handler: Into, channel: Option<u8>) -> Result<Clone, Error>;
    #[message("clone")]
    fn clone(cx: Clone) -> Clone;
    #[message("into")]
    fn as_ref(#[payload] cx: Into) -> Into;
    #[message("fmt")]
    fn fmt(#[payload] request: Debug) -> Debug;
    #[message("drop", oneway)]
    fn drop();
    #[message("dispatch")]
    fn dispatch(self_: u8, operation: u8) -> ();
    #[message("move")]
    fn r#move(r#type: String, #[name("other")] type_2: String) -> Vec<u32>;
    #[message("self_")]
    fn self_(
        #[payload]
        #[check(range = 1..)]
        self_: u8,
    ) -> u8;
    #[message("_2fa")]
    fn _2fa();
    #[message("borrow")]
    fn borrow(
        #[payload]
        #[json(string)]
        request: i64,
    ) -> i64;
    #[event("p", delivery = at_least_once, key = r#type)]
    fn p(r#type: Into, to: u8);
    #[event("event")]
    fn event(#[payload] event: Vec<Clone>);
    #[event("text", delivery = at_least_once, key = request)]
    fn text(
        #[payload]
        #[json(string)]
        request: u64,
    );
}
