#![contract(package = "acme.users.v1")]

use crate::users::User;

pub struct Money {
    pub owner: User,
}
