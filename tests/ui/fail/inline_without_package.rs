#[anywire::contract]
pub mod users {
    pub struct User {}

    #[service]
    pub trait Users {
        #[message("users.find")]
        fn find() -> User;
    }
}

fn main() {}
