#![contract(package = "acme.users.v1")]

#[service]
pub trait Users {
    #[message("users.get", idempotent, retry(max = 3))]
    fn get_user(id: u32) -> u32;
}
