#![contract(package = "acme.users.v1")]

#[service]
pub trait Users {
    #[message("users.import", oneway)]
    fn import(ids: Stream<u32>);
}
