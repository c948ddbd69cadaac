#![contract(package = "acme.users.v1")]

#[service]
pub trait Users {
    #[message("users.import")]
    fn import(rows: Stream<u32>, dry_run: bool) -> u32;
}
