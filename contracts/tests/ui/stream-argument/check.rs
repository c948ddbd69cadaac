#![contract(package = "acme.users.v1")]

#[service]
pub trait Users {
    #[message("users.import")]
    fn import(#[check(range = 1..)] ids: Stream<u32>) -> u32;
}
