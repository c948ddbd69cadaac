#![contract(package = "acme.users.v1")]

#[service]
pub trait Users {
    #[message({ cmd: 9007199254740993 })]
    fn get_user(id: u32) -> u32;
}
