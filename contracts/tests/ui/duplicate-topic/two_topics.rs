#![contract(package = "acme.users.v1")]

#[service]
pub trait Users {
    #[message({ cmd: "get" }, topic = "users.get")]
    fn get_user(id: u32) -> u32;
    #[message({ cmd: "find" }, topic = "users.get")]
    fn find_user(id: u32) -> u32;
}
