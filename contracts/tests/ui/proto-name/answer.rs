#![contract(package = "acme.users.v1", encodings(json, proto))]

pub struct SumResponse {
    #[n(1)]
    pub value: i64,
}

#[service]
pub trait Users {
    #[message("math.sum")]
    fn sum(of: SumResponse) -> i64;
}
