#![contract(package = "Users")]

use crate::orders::Broken;

pub struct User {
    #[n(1)]
    pub broken: Broken,
    #[n(0)]
    pub id: usize,
    #[n(2)]
    #[default = 3]
    pub age: u32,
}

pub trait Users {
    #[message("1.0")]
    fn one(user: User) -> Missing;
    #[message("users.two", delivery = at_least_once)]
    async fn two();
    fn three(&self);
}
