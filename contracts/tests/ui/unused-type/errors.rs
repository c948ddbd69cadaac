#![contract(package = "acme.users.v1")]

pub enum UserError {
    #[error(not_found, "no such user")]
    NotFound,
}

#[service]
pub trait Users {
    #[message("users.get")]
    fn get_user(id: u32);
}
