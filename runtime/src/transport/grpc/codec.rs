//! Messages as they are: the operation has encoded them, or will decode them.

use bytes::{Buf as _, BufMut as _, Bytes};
use tonic::{
    Status,
    codec::{Codec, DecodeBuf, Decoder, EncodeBuf, Encoder},
};

/// Hands bytes through, without a look into them.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Raw;

impl Codec for Raw {
    type Encode = Bytes;
    type Decode = Bytes;
    type Encoder = Self;
    type Decoder = Self;

    fn encoder(&mut self) -> Self {
        Self
    }

    fn decoder(&mut self) -> Self {
        Self
    }
}

/// The same for what a caller sends. A value that is an error breaks the request
/// off: what came so far must not look like all of it.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Upload;

impl Codec for Upload {
    type Encode = Result<Bytes, Status>;
    type Decode = Bytes;
    type Encoder = Self;
    type Decoder = Raw;

    fn encoder(&mut self) -> Self {
        Self
    }

    fn decoder(&mut self) -> Raw {
        Raw
    }
}

impl Encoder for Upload {
    type Item = Result<Bytes, Status>;
    type Error = Status;

    fn encode(
        &mut self,
        message: Result<Bytes, Status>,
        to: &mut EncodeBuf<'_>,
    ) -> Result<(), Status> {
        to.put(message?);
        Ok(())
    }
}

impl Encoder for Raw {
    type Item = Bytes;
    type Error = Status;

    fn encode(&mut self, message: Bytes, to: &mut EncodeBuf<'_>) -> Result<(), Status> {
        to.put(message);
        Ok(())
    }
}

impl Decoder for Raw {
    type Item = Bytes;
    type Error = Status;

    fn decode(&mut self, from: &mut DecodeBuf<'_>) -> Result<Option<Bytes>, Status> {
        Ok(Some(from.copy_to_bytes(from.remaining())))
    }
}
