#![contract(package = "acme.users.v1")]

#[service]
pub trait Users {
    #[message("users.import", idempotent)]
    fn import(ids: Stream<u32>) -> u32;
}
