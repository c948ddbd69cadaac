//! Requests, answers, events and errors, as the messages made for them.

use anywire::{Bytes, HasProto, Operation, ProtoCodec};
use anywire_proto::{
    kinds::{
        ArgumentsRequest, Boxed, Colour, Counted, Doubted, Empty, Happened, Id, KindError,
        NothingRequest, Options, Shape, Spread, op,
    },
    shared::Revision,
    theirs::kinds::v1 as theirs,
};
use prost::Message;

use crate::values::{lists, maps, required, zero};

type Codec<Op> =
    ProtoCodec<<Op as Operation>::Request, <Op as Operation>::Response, <Op as Operation>::Error>;

fn codec<Op: Operation + HasProto>() -> &'static Codec<Op> {
    Op::PROTO.expect("it has numbers")
}

/// The message of a request, which is read back as the same.
fn request<Op: Operation + HasProto, P: Message + Default>(request: &Op::Request) -> P
where
    Op::Request: PartialEq + std::fmt::Debug,
{
    let bytes = (codec::<Op>().encode_request)(request);
    let theirs = P::decode(bytes).expect("prost reads it");
    let back = (codec::<Op>().decode_request)(&theirs.encode_to_vec());
    assert_eq!(back.as_ref(), Ok(request));
    theirs
}

/// The same of an answer.
fn response<Op: Operation + HasProto, P: Message + Default>(response: &Op::Response) -> P
where
    Op::Response: PartialEq + std::fmt::Debug,
{
    let bytes = (codec::<Op>().encode_response)(response);
    let theirs = P::decode(bytes).expect("prost reads it");
    let back = (codec::<Op>().decode_response)(&theirs.encode_to_vec());
    assert_eq!(back.as_ref(), Ok(response));
    theirs
}

#[test]
fn a_struct_is_its_own_message() {
    let _: theirs::Scalars = request::<op::Whole, _>(&zero());
    let _: theirs::Required = response::<op::Whole, _>(&required());
}

#[test]
fn anything_else_is_wrapped() {
    let found: theirs::WrappedRequest = request::<op::Wrapped, _>(&vec![1, -1]);
    assert_eq!(found.numbers, [1, -1]);
    let found: theirs::WrappedResponse = response::<op::Wrapped, _>(&Some(Colour::Red));
    assert_eq!(found.value, Some(1));
    let found: theirs::WrappedResponse = response::<op::Wrapped, _>(&None);
    assert_eq!(found.value, None);

    let bytes = theirs::WideRequest { id: u64::MAX }.encode_to_vec();
    let wide = (codec::<op::Wide>().decode_request)(&bytes).expect("a number");
    assert_eq!(wide.0, u64::MAX);
    let found: theirs::WideResponse = response::<op::Wide, _>(&[("a".to_owned(), 1)].into());
    assert_eq!(found.value["a"], 1);

    let missing = (codec::<op::Arguments>().decode_response)(&[]).expect_err("no shape");
    assert_eq!(missing.to_string(), "missing");
}

#[test]
fn arguments_are_a_message() {
    let arguments = ArgumentsRequest {
        first: "a".to_owned(),
        second: Some(0),
    };
    let found: theirs::ArgumentsRequest = request::<op::Arguments, _>(&arguments);
    assert_eq!((&*found.first, found.second), ("a", Some(0)));
    let _: theirs::ArgumentsResponse = response::<op::Arguments, _>(&Shape::Nothing);
    let _: theirs::NothingRequest = request::<op::Nothing, _>(&NothingRequest {});
    let bytes = (codec::<op::Nothing>().encode_response)(&());
    assert!(bytes.is_empty());
}

#[test]
fn items_of_streams_are_messages() {
    let id = Id(anywire::Uuid::from_u128(7));
    let found: theirs::StreamsRequest = request::<op::Streams, _>(&id);
    assert_eq!(found.ids, id.to_string());
    let _: theirs::Empty = response::<op::Streams, _>(&Boxed(Box::new(Empty {})));
}

#[test]
fn events_are_messages() {
    let defaults = anywire_proto::kinds::Defaults::new();
    let happened = Happened::new(Options::new(), defaults, lists(), maps());
    let found: theirs::Happened = request::<Happened, _>(&happened);
    assert!(found.lists.is_some());
    let found: theirs::Counted = request::<Counted, _>(&Counted(Revision(7)));
    assert_eq!(found.revision, 7);
    // A struct is not wrapped: these exist.
    let _ = (codec::<Doubted>(), codec::<Spread>());
}

#[test]
fn errors_are_the_messages_of_their_variants() {
    let id = Id(anywire::Uuid::from_u128(7));
    let error = KindError::NotFound { id, left: 0 };
    let codec = codec::<op::Whole>();
    let details = (codec.encode_error)(&error);
    assert_eq!(details.name, "kinds.v1.KindError.NotFound");
    let found = theirs::kind_error::NotFound::decode(details.message).expect("prost reads it");
    assert_eq!(found.left, Some(0));
    let back = (codec.decode_error)("NOT_FOUND", &found.encode_to_vec());
    assert_eq!(back, Ok(Some(error)));

    let details = (codec.encode_error)(&KindError::Busy);
    assert_eq!(details.name, "kinds.v1.KindError.Busy");
    assert_eq!(details.message, Bytes::new());
    assert_eq!(
        (codec.decode_error)("COME_BACK", &[]),
        Ok(Some(KindError::Busy))
    );
    assert_eq!((codec.decode_error)("BUSY", &[]), Ok(None));
    let error = (codec.decode_error)("NOT_FOUND", &[]).expect_err("it has an id");
    assert_eq!(error.to_string(), "at `/id`: missing");
}
