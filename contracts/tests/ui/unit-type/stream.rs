#![contract(package = "acme.users.v1")]

#[service]
pub trait Users {
    #[message("users.watch")]
    fn watch() -> Stream<()>;
}
