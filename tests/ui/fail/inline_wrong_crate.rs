#[anywire::contract(package = "ui.inline.v1", crate = anywire)]
pub mod users {
    #[service]
    pub trait Users {
        #[message("users.find")]
        fn find() -> u32;
    }
}

fn main() {}
