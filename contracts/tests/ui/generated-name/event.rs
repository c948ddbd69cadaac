#![contract(package = "acme.users.v1")]

pub struct UserCreated {}

#[service]
pub trait Users {
    #[event("users.created")]
    fn user_created(user: UserCreated);
}
