#![contract(package = "acme.users.v1")]

#[service]
pub trait Users {
    #[event("users.{name}.created")]
    fn user_created(name: String);
}
