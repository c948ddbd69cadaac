#![contract(package = "acme.users.v1")]

pub enum Problem {
    NotFound,
}

#[service]
pub trait Users {
    #[message("users.get")]
    fn get_user(id: u32) -> Result<u32, Problem>;
}
