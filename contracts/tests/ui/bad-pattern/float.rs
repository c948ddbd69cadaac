#![contract(package = "acme.users.v1")]

#[service]
pub trait Users {
    #[message({ cmd: 1.5 })]
    fn get_user(id: u32) -> u32;
}
