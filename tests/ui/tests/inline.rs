//! A contract inside Rust code.

#![deny(warnings, unreachable_pub)]

#[anywire::contract(package = "ui.inline.v1", rename_all = "camelCase", crate = "anywire")]
mod users {
    //! Users.

    /// A user.
    pub struct User {
        pub user_id: u32,
    }

    #[service]
    pub trait Users {
        #[message("users.find")]
        fn find(user_id: u32) -> User;
    }
}

#[test]
fn is_compiled_like_one_in_a_file() {
    let user = anywire::json::encode(&users::User::new(1));
    assert_eq!(user.expect("it encodes"), "{\"userId\":1}");
}
