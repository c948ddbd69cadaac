#![contract(package = "acme.users.v1")]

pub struct op {
    pub anywire: u32,
}

#[service]
pub trait Users {
    #[message("users.find")]
    fn find(op: op) -> u32;
}
