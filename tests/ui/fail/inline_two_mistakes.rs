#[anywire::contract(package = "ui.inline.v1")]
mod users {
    pub struct User {
        #[check(range = 1..)]
        pub name: String,
    }

    pub enum Role {
        Admin(u32),
        Member,
    }

    #[service]
    pub trait Users {
        #[message("users.find")]
        async fn find(role: Role) -> User;
    }
}

fn main() {
    let _ = users::User::new("a");
}
