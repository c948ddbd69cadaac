#![contract(package = "acme.users.v1")]

#[service]
pub trait Users {
    #[message({ cmd: "get", v: 1 })]
    fn get(id: u32) -> u32;
    #[message({ v: 1, cmd: "get" })]
    fn fetch(id: u32) -> u32;
}
