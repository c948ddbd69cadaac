#![contract(package = "acme.users.v1")]

#[service]
pub trait Users {
    #[message("users.get", http = "GET /users/{id}")]
    fn get_user(id: u32) -> u32;
}
