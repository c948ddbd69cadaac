#![contract(package = "acme.users.v1")]

#[service]
pub trait Users {
    #[event("users.duration")]
    fn duration(seconds: u32);
    #[event("users.ok")]
    fn ok(#[payload] id: u32);
}
