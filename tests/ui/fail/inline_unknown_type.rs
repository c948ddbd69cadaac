#[anywire::contract(package = "ui.inline.v1")]
pub mod users {
    pub struct User {
        pub id: Uid,
        pub name: String,
    }

    #[service]
    pub trait Users {
        #[message("users.find")]
        fn find(name: String) -> User;
    }
}

fn main() {
    let _ = |user: users::User| user.name;
}
