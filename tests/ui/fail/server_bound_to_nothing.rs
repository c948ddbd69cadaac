use anywire::App;
use anywire_ui::{Nobody, users::UsersServer};

fn main() {
    let _ = App::new().serve(UsersServer::new(Nobody));
}
