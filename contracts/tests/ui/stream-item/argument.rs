#![contract(package = "acme.users.v1")]

#[service]
pub trait Users {
    #[message("users.import")]
    fn import(ids: Stream<Option<u32>>) -> u32;
}
