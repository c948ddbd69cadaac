use anywire::{App, Tcp};
use anywire_ui::{Nobody, streams::ImportsServer};

fn main() {
    let _ = App::new().serve(ImportsServer::new(Nobody).on(Tcp::listen("127.0.0.1:0")));
}
