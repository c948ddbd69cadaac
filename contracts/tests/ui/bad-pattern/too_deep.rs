#![contract(package = "acme.users.v1")]

#[service]
pub trait Users {
    #[message({ a: { b: { c: { d: { e: { f: { g: 1 } } } } } } })]
    fn get_user(id: u32) -> u32;
}
