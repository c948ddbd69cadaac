#![contract(package = "acme.users.v1")]

#[service]
pub trait Users {
    #[event("users.imported")]
    fn users_imported(ids: Stream<u32>);
}
