#![contract(package = "acme.users.v1")]

pub enum UserError {
    #[error(418, "no coffee")]
    Teapot,
}
