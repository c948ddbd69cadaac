use anywire as __anywire;

pub fn encode(value: &bench::Reply0) -> bytes::Bytes {
    anywire::proto::encode(value)
}

pub fn decode(bytes: &[u8]) -> bench::Reply0 {
    anywire::proto::decode(bytes).unwrap()
}
