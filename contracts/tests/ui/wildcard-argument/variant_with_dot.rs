#![contract(package = "acme.users.v1")]

pub enum Role {
    #[name("super.user")]
    SuperUser,
}

#[service]
pub trait Users {
    #[event("users.{role}.created")]
    fn user_created(role: Role);
}
