#![contract(package = "acme.users.v1")]

#[service]
pub trait Users {
    #[event("users.seen")]
    fn user_seen(id: u32) -> Stream<u32>;
}
