use anywire::{App, Memory};
use anywire_ui::users::UsersServer;

struct Handler;

fn main() {
    let _ = App::new().serve(UsersServer::new(Handler).on(Memory::new()));
}
