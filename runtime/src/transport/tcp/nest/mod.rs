//! Nest's wire over TCP.

use std::{io, sync::Arc};

use bytes::BytesMut;

use super::{
    Cut, Tcp,
    client::{Client, Shared, Wire},
    outbox::Outbox,
};
use crate::{
    Pending, Request, TransportError,
    transport::{
        nest::{calls::SharedCalls, one_value},
        stream::Stream,
    },
    wire::nest::{
        frame::{self, Inbox},
        packet::ReplyPacket,
    },
};

pub(super) mod server;

impl Wire for Tcp {
    type Inbox = Inbox;
    type Known = ();

    fn of(client: Arc<Client<Self>>) -> Self {
        Self(client)
    }

    fn calls(max: usize, _: &Arc<Outbox>) -> Arc<SharedCalls> {
        SharedCalls::new(max)
    }

    async fn greet(shared: &Shared<Self>, _: &mut Stream) -> io::Result<Inbox> {
        Ok(Inbox::new(shared.limits.max_frame))
    }

    fn call(shared: &Arc<Shared<Self>>, request: Request) -> Result<Pending, TransportError> {
        one_value(&request)?;
        let (id, pending) = shared.calls.begin(&request)?;
        let text = id.text();
        let text = str::from_utf8(&text).unwrap_or_default();
        shared.send(id, |frames, ()| {
            frame::write_request(frames, &request, text);
            Ok(())
        })?;
        Ok(pending)
    }

    fn write(frames: &mut BytesMut, (): &mut (), request: &Request) -> Result<(), TransportError> {
        frame::write_request(frames, request, "");
        Ok(())
    }

    fn take_frames(shared: &Shared<Self>, inbox: &mut Inbox) -> Result<(), Cut> {
        let frames = inbox.frames();
        // One lock for all the replies that arrived together.
        shared.calls.with(|calls| {
            for range in &frames.ranges {
                let packet = ReplyPacket::parse(&frames.bytes[range.clone()])?;
                calls.answer(&packet, &frames.bytes);
            }
            Ok::<_, Cut>(())
        })?;
        if let Some(error) = frames.error {
            return Err(error.into());
        }
        inbox.reuse(frames);
        Ok(())
    }
}
