#![contract(package = "acme.users.v1")]

#[service]
pub trait Users {
    #[message({ cmd: "get" }, topic = "..")]
    fn get_user(id: u32) -> u32;
}
