use anywire as __anywire;

pub fn encode(value: &bench::Reply0) -> bytes::Bytes {
    anywire::json::encode(value).unwrap()
}

pub fn decode(bytes: &[u8]) -> bench::Reply0 {
    anywire::json::decode(bytes).unwrap()
}
