#![contract(package = "acme.users.v1", encodings(json, proto))]

#[service]
pub trait Users {
    #[message("users.created")]
    fn userCreated(id: u32) -> u32;

    #[event("users.was_created")]
    fn user_created(id: u32);
}
