//! Numbers that are not there are one mistake each, and the code is there all the same.

use anywire::Memory;

#[anywire::contract(package = "acme.users.v1", encodings(json, proto))]
mod users {
    pub struct User {
        #[n(1)]
        pub id: u32,
        pub name: String,
    }

    #[service]
    pub trait Users {
        #[message("users.get")]
        fn get(id: u32) -> User;
    }
}

fn main() {
    let client = users::UsersClient::new(Memory::new().protobuf());
    let _call = client.get(1);
}
