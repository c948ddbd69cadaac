#![contract(package = "acme.users.v1")]

pub enum UserError {
    #[error(409, "email is taken")]
    EmailTaken,
}
